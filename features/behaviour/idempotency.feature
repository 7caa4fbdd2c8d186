Feature: Asking again
  An answer gets lost, and the client asks again. Under one idempotency key it gets what it would have got, and nothing happens
  twice.

  @id:idempotency.payment @clause:idempotency.payment @source:IETF-idempotency-key-header @level:must @cap:pay-long @cap:idempotent-pay
  Scenario: A payment that is sent twice under one key is one payment
    Given an enrolled card
    When the customer pays twice under one idempotency key
    Then both answers tell of one payment

  @id:idempotency.other-body @clause:idempotency.other-body @source:IETF-idempotency-key-header @level:must @negative @cap:pay-long @cap:idempotent-pay
  Scenario: A key stands for one body
    Given an enrolled card
    When the customer pays twice under one idempotency key, first 10.00 EUR and then 11.00 EUR
    Then it is refused as the caller's mistake

  @id:idempotency.other-merchant @clause:idempotency.other-merchant @source:IETF-idempotency-key-header @level:must @negative @cap:pay-long @cap:idempotent-pay @cap:other-merchant @cap:access
  Scenario: A key is one merchant's
    Given an enrolled card
    When another merchant sends the same payment under the same idempotency key
    Then the payment is refused

  @id:idempotency.enrolment @clause:idempotency.enrolment @source:IETF-idempotency-key-header @level:must @cap:idempotent-enrol @cap:reference
  Scenario: An enrolment that is sent twice under one key is one token
    Given an eligible card
    When the card is enrolled twice under one idempotency key
    Then both answers tell of one token

  @id:idempotency.charge @clause:idempotency.charge @source:IETF-idempotency-key-header @level:must @cap:pay-stored @cap:idempotent-stored
  Scenario: A charge of the token on file that is sent twice under one key is one payment
    Given an enrolled card
    And the customer has paid with a long cryptogram
    When the merchant charges the token on file twice under one idempotency key
    Then both answers tell of one payment

  @id:idempotency.capture @clause:idempotency.capture @source:IETF-idempotency-key-header @level:must @cap:pay-later @cap:capture @cap:idempotent-capture
  Scenario: A capture that is sent twice under one key is one
    Given an enrolled card
    And the customer has authorized a payment of 12.50 EUR that is captured later
    When the merchant captures 10.00 EUR twice under one idempotency key
    Then both answers are successes

  @id:idempotency.refund @clause:idempotency.refund @source:IETF-idempotency-key-header @level:must @cap:pay-later @cap:capture @cap:refund @cap:idempotent-refund
  Scenario: A refund that is sent twice under one key is one
    Given an enrolled card
    And the customer has authorized a payment of 12.50 EUR that is captured later
    And the merchant has captured 12.50 EUR
    When the merchant refunds 10.00 EUR twice under one idempotency key
    Then both answers are successes

  @id:idempotency.other-amount @clause:idempotency.other-amount @source:IETF-idempotency-key-header @level:must @negative @cap:pay-later @cap:capture @cap:refund @cap:idempotent-refund @cap:amount-refunded
  Scenario: A key of a refund stands for one amount
    Given an enrolled card
    And the customer has authorized a payment of 12.50 EUR that is captured later
    And the merchant has captured 12.50 EUR
    When the merchant refunds 5.00 EUR and then 6.00 EUR under one idempotency key
    Then it is refused as the caller's mistake

  @id:idempotency.other-card @clause:idempotency.other-card @source:IETF-idempotency-key-header @level:must @negative @cap:idempotent-enrol
  Scenario: A key of an enrolment stands for one card
    Given an eligible card
    And another eligible card
    When the card and then the other card are enrolled under one idempotency key
    Then it is refused as the caller's mistake

  @id:idempotency.later @clause:idempotency.later @source:IETF-idempotency-key-header @level:must @cap:pay-long @cap:delete @cap:idempotent-pay
  Scenario: A payment that is sent again under its key after its token is gone is still that payment
    Given an enrolled card
    When the customer pays under an idempotency key, the token is deleted, and the payment is sent again
    Then both answers name one payment
