Feature: Payments at Adyen
  A declined payment is a success in HTTP, and what happens to a captured one is told later.

  Background:
    Given a Visa token with a long cryptogram
    And POST "/v72/payments" is answered with 200 to
      """
      {"merchantAccount":"{merchant}","amount":{"value":1250,"currency":"EUR"},"reference":"order-1",
       "paymentMethod":{"type":"networkToken","number":"{token_number}","expiryMonth":"{token_month2}","expiryYear":"{token_year4}"},
       "shopperInteraction":"Ecommerce","recurringProcessingModel":"CardOnFile",
       "mpiData":{"tokenAuthenticationVerificationValue":"{cryptogram}","directoryResponse":"Y","authenticationResponse":"Y","eci":"07"}}
      """
    And "/resultCode" equals "Authorised"

  @id:adyen.pay @source:Adyen-external-network-tokens @level:must @cap:account.adyen
  Scenario: An authorised payment quotes the network
    When "/pspReference" is kept as "payment"
    Then "/resultCode" equals "Authorised"
    And "/pspReference" has the shape of a text
    And "/merchantReference" equals "order-1"
    And "/amount/value" equals 1250
    And "/additionalData/networkTxReference" has the shape of a digits
    And "/additionalData/transactionLinkId" is absent
    And "/additionalData/paymentAccountReference" has the shape of an account reference
    And "/refusalReason" is absent

  @id:adyen.declined @source:Adyen-external-network-tokens @level:must @cap:account.adyen
  Scenario: A declined payment is answered with 200 and a refusal reason
    When the same request is sent
    Then the status is 200
    And "/resultCode" equals "Refused"
    And "/refusalReason" has the shape of a text
    And "/refusalReasonCode" has the shape of a digits
    And "/additionalData/refusalReasonRaw" has the shape of a text
    And "/additionalData/networkTxReference" is absent

  @id:adyen.merchant @source:Adyen-external-network-tokens @level:must @cap:account.adyen
  Scenario: The shopper is not there, and the network's reference of the first payment is quoted
    When "/additionalData/networkTxReference" is kept as "nti"
    And POST "/v72/payments" is sent with
      """
      {"merchantAccount":"{merchant}","amount":{"value":1500,"currency":"EUR"},"reference":"order-2",
       "paymentMethod":{"type":"networkToken","number":"{token_number}","expiryMonth":"{token_month2}","expiryYear":"{token_year4}"},
       "shopperInteraction":"ContAuth","recurringProcessingModel":"Subscription",
       "additionalData":{"networkTxReference":"{nti}"}}
      """
    Then the status is 200
    And "/resultCode" equals "Authorised"

  @id:adyen.modify @source:Adyen-API-Explorer @level:must @cap:account.adyen
  Scenario Outline: A modification is received: <what>
    When "/pspReference" is kept as "payment"
    And POST "/v72/payments/{payment}/<what>" is sent with
      """
      {"merchantAccount":"{merchant}","amount":{"value":500,"currency":"EUR"},"reference":"part"}
      """
    Then the status is 201
    And "/status" equals "received"
    And "/paymentPspReference" equals "{payment}"
    And "/pspReference" differs from "{payment}"

    Examples:
      | what     |
      | captures |
      | refunds  |

  @id:adyen.wrong @source:Adyen-API-errors @level:must @negative @cap:account.adyen
  Scenario Outline: What is wrong has a code: <wrong>
    When the same request is sent with "<member>" set to <value>
    Then it is refused with <status> "<code>"

    Examples:
      | wrong            | member                    | value         | status | code |
      | amount           | /amount/value             | -1            | 422    | 137  |
      | currency         | /amount/currency          | "dollars"     | 422    | 138  |
      | card number      | /paymentMethod/number     | "4111"        | 422    | 101  |
      | two-digit year   | /paymentMethod/expiryYear | "29"          | 422    | 141  |
      | merchant account | /merchantAccount          | "Another"     | 403  | 901  |

  @id:adyen.missing @source:Adyen-API-errors @level:must @negative @cap:account.adyen
  Scenario Outline: What is missing has a code: <member>
    When the same request is sent without "<member>"
    Then it is refused with 422 "<code>"

    Examples:
      | member                                        | code |
      | /merchantAccount                              | 901  |
      | /reference                                    | 130  |
      | /mpiData/tokenAuthenticationVerificationValue | 158  |

  @id:adyen.access @source:Adyen-API-errors @level:must @negative @cap:account.adyen
  Scenario: A request without a key is refused
    When the same request is sent without credentials
    Then it is refused with 401 "000"

  @id:adyen.unknown @source:Adyen-API-errors @level:must @negative @cap:account.adyen
  Scenario: A payment that never was cannot be captured
    When POST "/v72/payments/NOSUCHREFERENCE2/captures" is sent with
      """
      {"merchantAccount":"{merchant}","amount":{"value":500,"currency":"EUR"}}
      """
    Then it is refused with 422 "167"

  @id:adyen.key @source:Adyen-API-idempotency @level:must @cap:account.adyen
  Scenario: The same request with the same key has the same answer
    When the same request is sent with the header "idempotency-key" set to "order-1"
    And "/pspReference" is kept as "first"
    And the same request is sent with the header "idempotency-key" set to "order-1"
    Then the status is 200
    And "/pspReference" equals "{first}"
