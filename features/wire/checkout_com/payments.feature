Feature: Payments at Checkout.com
  A declined payment is created like any other. Errors are lists of codes, or nothing but a status.

  Background:
    Given a Visa token with a long cryptogram
    And POST "/payments" is answered with 201 to
      """
      {"source":{"type":"network_token","token":"{token_number}","token_type":"vts","expiry_month":{token_month},"expiry_year":{token_year},"cryptogram":"{cryptogram}"},
       "amount":1250,"currency":"EUR","reference":"order-1","payment_type":"Regular","merchant_initiated":false}
      """
    And "/approved" equals true

  @id:checkout_com.pay @source:checkout-sdk-node-types @level:must @cap:account.checkout_com
  Scenario: An approved payment quotes the scheme
    When "/id" is kept as "payment"
    Then "/approved" equals true
    And "/response_code" equals "10000"
    And "/amount" equals 1250
    And "/reference" equals "order-1"
    And "/source/type" equals "network_token"
    And "/scheme_id" has the shape of a digits
    And "/payment_account_reference" has the shape of an account reference
    And "/processing/pan_type_processed" equals "dpan"
    And "/_links/self/href" has the shape of a text

  @id:checkout_com.declined @source:checkout-sdk-node-types @level:must @cap:account.checkout_com
  Scenario: A declined payment is created, too
    When the same request is sent
    Then the status is 201
    And "/approved" equals false
    And "/status" equals "Declined"
    And "/response_code" equals "20005"
    And "/scheme_id" is absent

  @id:checkout_com.merchant @source:checkout-sdk-node-types @level:must @cap:account.checkout_com
  Scenario Outline: A later payment quotes the first by <what>
    When "<what>" is kept as "previous"
    And POST "/payments" is sent with
      """
      {"source":{"type":"network_token","token":"{token_number}","token_type":"vts","expiry_month":{token_month},"expiry_year":{token_year}},
       "amount":1500,"currency":"EUR","payment_type":"Recurring","merchant_initiated":true,"previous_payment_id":"{previous}"}
      """
    Then the status is 201
    And "/approved" equals true

    Examples:
      | what       |
      | /id        |
      | /scheme_id |

  @id:checkout_com.actions @source:checkout-sdk-node-types @level:must @cap:account.checkout_com
  Scenario: A refund is an action of the payment
    When "/id" is kept as "payment"
    And POST "/payments/{payment}/refunds" is sent with
      """
      {"amount":500}
      """
    Then the status is 202
    And "/action_id" has the shape of a text
    And "/_links/payment/href" has the shape of a text

  @id:checkout_com.wrong @source:checkout-sdk-node-types @level:must @negative @cap:account.checkout_com
  Scenario Outline: What is wrong has a code: <wrong>
    When the same request is sent with "<member>" set to <value>
    Then it is refused with 422 "<code>"

    Examples:
      | wrong      | member               | value       | code                        |
      | amount     | /amount              | "12.5"      | amount_invalid              |
      | currency   | /currency            | "usd"       | currency_invalid            |
      | month      | /source/expiry_month | 13          | card_expiry_month_invalid   |
      | token type | /source/token_type   | "x"         | token_type_invalid          |
      | previous   | /previous_payment_id | "pay_none"  | previous_payment_id_invalid |

  @id:checkout_com.missing @source:checkout-sdk-node-types @level:must @negative @cap:account.checkout_com
  Scenario Outline: What is missing has a code: <member>
    When the same request is sent without "<member>"
    Then it is refused with 422 "<code>"

    Examples:
      | member             | code                    |
      | /currency          | currency_required       |
      | /source            | payment_source_required |
      | /source/cryptogram | cryptogram_required     |

  @id:checkout_com.access @source:checkout-sdk-node-types @level:must @negative @cap:account.checkout_com
  Scenario: A key that is nobody's is refused without a body
    When the same request is sent with the credential "Bearer sk_sbox_none"
    Then it is refused with 401 outside the API's error shape
    And the body is empty

  @id:checkout_com.key @source:checkout-sdk-node-types @level:must @cap:account.checkout_com
  Scenario: The same request with the same key has the same answer
    When the same request is sent with the header "cko-idempotency-key" set to "order-1"
    And "/id" is kept as "first"
    And the same request is sent with the header "cko-idempotency-key" set to "order-1"
    Then the status is 201
    And "/id" equals "{first}"
