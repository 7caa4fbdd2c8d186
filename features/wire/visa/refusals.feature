Feature: What Visa refuses
  A card that cannot be tokenised is an error with a reason in one word; so is a token that cannot do what is asked of it, and
  a member that is missing or wrong is named.

  @id:visa.card @source:Cardtokens-error-codes @level:must @negative
  Scenario Outline: A card that gets no token
    Given POST "/vts/provisionedTokens" is answered with 201 to
      """
      {"encPaymentInstrument": "{visa_sealed}"}
      """
    When the same request is sent with "/encPaymentInstrument" set to "{<card>_sealed}"
    Then it is refused with 403 "<reason>"

    Examples:
      | card                | reason                 |
      | card_not_allowed    | cardNotEligible        |
      | declined            | declined               |
      | verification_failed | cardVerificationFailed |

  @id:visa.member @source:Cardtokens-error-codes @level:must @negative
  Scenario: A missing card is named
    Given POST "/vts/provisionedTokens" is answered with 201 to
      """
      {"presentationType": ["ECOM"], "encPaymentInstrument": "{visa_sealed}"}
      """
    When the same request is sent without "/encPaymentInstrument"
    Then it is refused with 400 "invalidParameter" at "encPaymentInstrument"

  @id:visa.type @source:Cardtokens-error-codes @level:must @negative
  Scenario Outline: A member of another type is named
    Given POST "/vts/provisionedTokens" is answered with 201 to
      """
      {"presentationType": ["ECOM"], "encPaymentInstrument": "{visa_sealed}"}
      """
    When the same request is sent with "<place>" set to <value>
    Then it is refused with 400 "invalidParameter" at "<location>"

    Examples:
      | place                 | value   | location             |
      | /encPaymentInstrument | 5       | encPaymentInstrument |
      | /clientAppID          | {}      | clientAppID          |
      | /presentationType     | "ECOM"  | presentationType     |
      | /encRiskDataInfo      | "a.b.c" | encRiskDataInfo      |

  @id:visa.envelope @source:Cardtokens-error-codes @level:must @negative
  Scenario: An envelope that does not open is named
    Given POST "/vts/panEnrollments" is answered with 201 to
      """
      {"encPaymentInstrument": "{visa_sealed}"}
      """
    When the same request is sent with "/encPaymentInstrument" set to "a.b.c.d.e"
    Then it is refused with 400 "invalidParameter" at "encPaymentInstrument"

  @id:visa.not-json @source:Cardtokens-error-codes @level:must @negative
  Scenario: A body that is not JSON
    Given POST "/vts/panEnrollments" is answered with 201 to
      """
      {"encPaymentInstrument": "{visa_sealed}"}
      """
    When the same request is sent with the body
      """
      encPaymentInstrument=x
      """
    Then it is refused with 400 "invalidParameter"

  @id:visa.suspended @source:Pagos-token-errors @level:must @negative
  Scenario: A suspended token does not pay
    Given POST "/vts/provisionedTokens" is answered with 201 to
      """
      {"encPaymentInstrument": "{visa_sealed}"}
      """
    And "/vProvisionedTokenID" is kept as "token"
    And PUT "/vts/provisionedTokens/{token}/suspend" is answered with 200 to
      """
      {"updateReason": {"reasonCode": "FRAUD"}}
      """
    When POST "/vts/provisionedTokens/{token}/paymentData" is sent with
      """
      {"clientPaymentDataID": "payment-1", "paymentRequest": {"transactionType": "ECOM"}}
      """
    Then it is refused with 403 "invalidTokenStatus"

  @id:visa.unknown @source:visa-mcp-api-client @level:must @negative
  Scenario: A token that was never issued
    Given POST "/vts/provisionedTokens" is answered with 201 to
      """
      {"encPaymentInstrument": "{visa_sealed}"}
      """
    When GET "/vts/provisionedTokens/00000000000000000000000000000000" is sent
    Then it is refused with 404 "notFound"

  @id:visa.method @source:visa-mcp-api-client @level:must @negative
  Scenario: A method that a path does not know
    Given POST "/vts/provisionedTokens" is answered with 201 to
      """
      {"encPaymentInstrument": "{visa_sealed}"}
      """
    When the same request is sent with the method DELETE
    Then the method is refused
