Feature: Tokens at Mastercard
  A token requestor has a card digitized and pays with the token. The card travels sealed one way, the token number and the
  cryptogram the other way; what can be seen by others is the last four digits.

  @id:mastercard.tokenize @source:MDES-Digital-Enablement-1.3.0 @level:must
  Scenario: A card that is sealed as JWE is digitized
    When POST "/mdes/digitization/static/1/0/tokenize" is sent with
      """
      {"requestId": "{fresh}", "tokenType": "CLOUD", "tokenRequestorId": "{token_requestor_id}", "taskId": "{fresh}",
       "fundingAccountInfo": {"encryptedPayload": {"encryptedData": "{mastercard_sealed}"}}, "consumerLanguage": "en"}
      """
    Then the status is 200
    And the media type is "application/json"
    And "/decision" equals "APPROVED"
    And "/tokenUniqueReference" has the shape of a unique reference
    And "/panUniqueReference" has the shape of a unique reference
    And "/tokenInfo/tokenPanSuffix" is four digits
    And "/tokenInfo/accountPanSuffix" is four digits
    And "/tokenInfo/tokenExpiry" is four digits
    And "/tokenInfo/dsrpCapable" equals "true"
    And "/productConfig/issuerName" has the shape of a text
    And "/productConfig/isCoBranded" equals false
    And "/tokenDetail" is an envelope with an account reference at "/paymentAccountReference"
    And the answer holds no card number

  @id:mastercard.tokenize-fields @source:MDES-Digital-Enablement-1.3.0 @level:must
  Scenario: A card that is sealed field by field is digitized, and answered in the same form
    When POST "/mdes/digitization/static/1/0/tokenize" is sent with
      """
      {"requestId": "{fresh}", "tokenType": "CLOUD", "tokenRequestorId": "{token_requestor_id}", "taskId": "{fresh}",
       "fundingAccountInfo": {"encryptedPayload": {mastercard_in_fields}}}
      """
    Then the status is 200
    And "/decision" equals "APPROVED"
    And "/tokenDetail" has the members "publicKeyFingerprint encryptedKey oaepHashingAlgorithm iv encryptedData"
    And "/tokenDetail" is an envelope with an account reference at "/paymentAccountReference"

  @id:mastercard.get-token @source:MDES-Digital-Enablement-1.3.0 @level:must
  Scenario: A token is read with its number
    Given POST "/mdes/digitization/static/1/0/tokenize" is answered with 200 to
      """
      {"tokenType": "CLOUD", "tokenRequestorId": "{token_requestor_id}", "taskId": "{fresh}",
       "fundingAccountInfo": {"encryptedPayload": {"encryptedData": "{mastercard_sealed}"}}}
      """
    And "/tokenUniqueReference" is kept as "token"
    When POST "/mdes/digitization/static/1/0/getToken" is sent with
      """
      {"requestId": "{fresh}", "tokenUniqueReference": "{token}", "includeTokenDetail": "true"}
      """
    Then the status is 200
    And "/token/tokenUniqueReference" equals "{token}"
    And "/token/tokenRequestorId" equals "{token_requestor_id}"
    And "/token/status" equals "ACTIVE"
    And "/token/suspendedBy" is absent
    And "/token/statusTimestamp" has the shape of a UTC timestamp
    And "/token/tokenInfo/accountPanPrefix" is six digits
    And "/responseHost" is absent
    And "/tokenDetail" is an envelope with a token number at "/tokenNumber"
    And the answer holds no card number

  @id:mastercard.get-token-plain @source:MDES-Digital-Enablement-1.3.0 @level:must
  Scenario: A token is read without its number
    Given POST "/mdes/digitization/static/1/0/tokenize" is answered with 200 to
      """
      {"tokenType": "CLOUD", "tokenRequestorId": "{token_requestor_id}", "taskId": "{fresh}",
       "fundingAccountInfo": {"encryptedPayload": {"encryptedData": "{mastercard_sealed}"}}}
      """
    And "/tokenUniqueReference" is kept as "token"
    When POST "/mdes/digitization/static/1/0/getToken" is sent with
      """
      {"requestId": "{fresh}", "tokenUniqueReference": "{token}"}
      """
    Then the status is 200
    And "/tokenDetail" is absent

  @id:mastercard.transact @source:MDES-Digital-Enablement-1.3.0 @level:must
  Scenario: A cryptogram comes sealed with the token that it is for
    Given POST "/mdes/digitization/static/1/0/tokenize" is answered with 200 to
      """
      {"tokenType": "CLOUD", "tokenRequestorId": "{token_requestor_id}", "taskId": "{fresh}",
       "fundingAccountInfo": {"encryptedPayload": {"encryptedData": "{mastercard_sealed}"}}}
      """
    And "/tokenUniqueReference" is kept as "token"
    When POST "/mdes/remotetransaction/static/1/0/transact" is sent with
      """
      {"requestId": "{fresh}", "tokenUniqueReference": "{token}", "dsrpType": "UCAF", "unpredictableNumber": "23424563"}
      """
    Then the status is 200
    And "/encryptedPayload" is an envelope with a token number at "/accountNumber"
    And "/encryptedPayload" is an envelope with a six digits at "/applicationExpiryDate"
    And "/encryptedPayload" is an envelope with a base64 of 20 bytes at "/de48se43Data"
    And the answer holds no card number

  @id:mastercard.search @source:MDES-Digital-Enablement-1.3.0 @level:must
  Scenario: The tokens of an account are found by its number, and a deactivated one is not
    Given POST "/mdes/digitization/static/1/0/tokenize" is answered with 200 to
      """
      {"tokenType": "CLOUD", "tokenRequestorId": "{token_requestor_id}", "taskId": "{fresh}",
       "fundingAccountInfo": {"encryptedPayload": {"encryptedData": "{mastercard_sealed}"}}}
      """
    And "/tokenUniqueReference" is kept as "token"
    And POST "/mdes/digitization/static/1/0/searchTokens" is answered with 200 to
      """
      {"requestId": "{fresh}", "fundingAccountInfo": {"encryptedPayload": {"encryptedData": "{mastercard_sealed}"}}}
      """
    And "/tokens/0/tokenUniqueReference" is kept as "found"
    And POST "/mdes/digitization/static/1/0/delete" is answered with 200 to
      """
      {"requestId": "{fresh}", "tokenUniqueReferences": ["{found}"], "causedBy": "CARDHOLDER", "reasonCode": "OTHER"}
      """
    When POST "/mdes/digitization/static/1/0/searchTokens" is sent with
      """
      {"requestId": "{fresh}", "fundingAccountInfo": {"tokenUniqueReference": "{token}"}}
      """
    Then the status is 200
    And "/tokens" holds 0 items

  @id:mastercard.suspend @source:MDES-Digital-Enablement-1.3.0 @level:must
  Scenario: A token is suspended for the cardholder and comes back
    Given POST "/mdes/digitization/static/1/0/tokenize" is answered with 200 to
      """
      {"tokenType": "CLOUD", "tokenRequestorId": "{token_requestor_id}", "taskId": "{fresh}",
       "fundingAccountInfo": {"encryptedPayload": {"encryptedData": "{mastercard_sealed}"}}}
      """
    And "/tokenUniqueReference" is kept as "token"
    And POST "/mdes/digitization/static/1/0/suspend" is answered with 200 to
      """
      {"requestId": "{fresh}", "tokenUniqueReferences": ["{token}"], "causedBy": "CARDHOLDER", "reasonCode": "SUSPECTED_FRAUD"}
      """
    And "/tokens/0/suspendedBy/0" is kept as "holder"
    When POST "/mdes/digitization/static/1/0/unsuspend" is sent with
      """
      {"requestId": "{fresh}", "tokenUniqueReferences": ["{token}"], "causedBy": "{holder}", "reasonCode": "OTHER"}
      """
    Then the status is 200
    And "/tokens/0/tokenUniqueReference" equals "{token}"
    And "/tokens/0/status" equals "ACTIVE"
    And "/tokens/0/suspendedBy" is absent

  @id:mastercard.task-twice @source:MDES-Digital-Enablement-1.3.0 @level:must @negative
  Scenario: The name of a task counts once
    Given POST "/mdes/digitization/static/1/0/tokenize" is answered with 200 to
      """
      {"tokenType": "CLOUD", "tokenRequestorId": "{token_requestor_id}", "taskId": "{fresh}",
       "fundingAccountInfo": {"encryptedPayload": {"encryptedData": "{mastercard_sealed}"}}}
      """
    When the same request is sent
    Then it is refused with 500 "INVALID_TASK_ID"

  @id:mastercard.asset @source:MDES-Digital-Enablement-1.3.0 @level:must
  Scenario: The picture of a card can be fetched by the id that the product gives
    Given POST "/mdes/digitization/static/1/0/tokenize" is answered with 200 to
      """
      {"tokenType": "CLOUD", "tokenRequestorId": "{token_requestor_id}", "taskId": "{fresh}",
       "fundingAccountInfo": {"encryptedPayload": {"encryptedData": "{mastercard_sealed}"}}}
      """
    And "/productConfig/cardBackgroundCombinedAssetId" is kept as "asset"
    When GET "/mdes/assets/static/1/0/asset/{asset}" is sent
    Then the status is 200
    And "/mediaContents/0/type" equals "image/png"
    And "/mediaContents/0/data" has the shape of a text

  @id:mastercard.step-up @source:MDES-Digital-Enablement-1.3.0 @level:must @cap:card.step-up
  Scenario: A token may have to wait for the issuer
    When POST "/mdes/digitization/static/1/0/tokenize" is sent with
      """
      {"tokenType": "CLOUD", "tokenRequestorId": "{token_requestor_id}", "taskId": "{fresh}",
       "fundingAccountInfo": {"encryptedPayload": {"encryptedData": "{step_up_sealed}"}}}
      """
    Then the status is 200
    And "/decision" equals "REQUIRE_ADDITIONAL_AUTHENTICATION"
    And "/authenticationMethods/0/type" has the shape of a text
    And "/tokenUniqueReference" has the shape of a unique reference
