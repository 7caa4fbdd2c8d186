Feature: Verifying the cardholder at Visa
  Some issuers want to know that the cardholder is there. The token waits until a one-time code has been entered; the code
  of Visa's sandbox is always the same.

  @id:visa.step-up @source:visa-mcp-api-client @level:must @cap:card.step-up
  Scenario: A token that waits becomes active by the code
    Given POST "/vts/provisionedTokens" is answered with 201 to
      """
      {"encPaymentInstrument": "{step_up_sealed}"}
      """
    And "/vProvisionedTokenID" is kept as "token"
    And GET "/vts/provisionedTokens/{token}" is answered with 200
    And "/tokenInfo/tokenStatus" is kept as "before"
    And POST "/vts/provisionedTokens/{token}/deviceBinding?reasonCode=PROVISIONING" is answered with 200 to
      """
      {"clientReferenceID": "reference-1", "intent": "FIDO", "platformType": "WEB"}
      """
    And "/stepUpRequest/[method=OTPSMS]/identifier" is kept as "way"
    And PUT "/vts/provisionedTokens/{token}/stepUpOptions/method" is answered with 200 to
      """
      {"stepUpRequestID": "{way}", "date": 1767225600, "clientReferenceId": "reference-1"}
      """
    And "/maxOTPVerificationAllowed" is kept as "guesses"
    And POST "/vts/provisionedTokens/{token}/stepUpOptions/validateOTP" is answered with 200 to
      """
      {"otpValue": "456789", "date": "1767225600", "clientReferenceId": "reference-1"}
      """
    When GET "/vts/provisionedTokens/{token}" is sent
    Then "/tokenInfo/tokenStatus" equals "ACTIVE"
    And "/tokenInfo/tokenStatus" differs from "{before}"

  @id:visa.step-up-inactive @source:visa-mcp-api-client @level:must @negative @cap:card.step-up
  Scenario: A token that waits does not pay
    Given POST "/vts/provisionedTokens" is answered with 201 to
      """
      {"encPaymentInstrument": "{step_up_sealed}"}
      """
    And "/vProvisionedTokenID" is kept as "token"
    When POST "/vts/provisionedTokens/{token}/paymentData" is sent with
      """
      {"clientPaymentDataID": "payment-1", "paymentRequest": {"transactionType": "ECOM"}}
      """
    Then it is refused with 403 "invalidTokenStatus"

  @id:visa.step-up-wrong @source:visa-mcp-api-client @level:must @negative @cap:card.step-up
  Scenario: A wrong code leaves the token waiting
    Given POST "/vts/provisionedTokens" is answered with 201 to
      """
      {"encPaymentInstrument": "{step_up_sealed}"}
      """
    And "/vProvisionedTokenID" is kept as "token"
    And POST "/vts/provisionedTokens/{token}/deviceBinding" is answered with 200 to
      """
      {"intent": "FIDO", "platformType": "WEB"}
      """
    And "/stepUpRequest/0/identifier" is kept as "way"
    And PUT "/vts/provisionedTokens/{token}/stepUpOptions/method" is answered with 200 to
      """
      {"stepUpRequestID": "{way}", "date": 1767225600}
      """
    When POST "/vts/provisionedTokens/{token}/stepUpOptions/validateOTP" is sent with
      """
      {"otpValue": "000000", "date": 1767225600}
      """
    Then it is refused with 403 "otpVerificationFailed"

  @id:visa.attestation @source:visa-vic-reference-agent @level:must
  Scenario Outline: A device is told what to do with its passkey
    Given POST "/vts/provisionedTokens" is answered with 201 to
      """
      {"encPaymentInstrument": "{visa_sealed}"}
      """
    And "/vProvisionedTokenID" is kept as "token"
    When POST "/vts/provisionedTokens/{token}/attestation/options" is sent with
      """
      {"type": "<type>", "reasonCode": "<reason>", "clientReferenceID": "reference-1", "dynamicData": {"authenticationAmount": "0", "currencyCode": "840"}}
      """
    Then the status is 200
    And "/authenticationContext" has the members "action identifier payload endpoint"
    And "/authenticationContext/action" equals "REGISTER"

    Examples:
      | type         | reason         |
      | REGISTER     | DEVICE_BINDING |
      | AUTHENTICATE | PAYMENT        |
