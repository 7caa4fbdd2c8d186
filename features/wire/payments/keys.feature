Feature: Idempotency keys of standin's own payment API
  A request that is sent again with its key has one effect and one answer, whatever became of the first answer.

  Background:
    Given a Visa token with a long cryptogram
    And POST "/payments" is answered with 201 to
      """
      {"amount":1250,"currency":"EUR",
       "network_token":{"number":"{token_number}","exp_month":{token_month},"exp_year":{token_year},"cryptogram":"{cryptogram}"}}
      """
    And "/approved" equals true

  @id:payments.key-again @source:standin-README @level:must @cap:account.payments
  Scenario: The same request with the same key has the same answer
    When the same request is sent with the header "idempotency-key" set to "order-1"
    And "/id" is kept as "first"
    And the same request is sent with the header "idempotency-key" set to "order-1"
    Then the status is 201
    And "/id" equals "{first}"
    And the header "idempotent-replayed" is "true"

  @id:payments.key-long @source:standin-README @level:must @negative @cap:account.payments
  Scenario: An empty key is refused
    When the same request is sent with the header "idempotency-key" set to ""
    Then it is refused with 400 "idempotency_key_empty"
