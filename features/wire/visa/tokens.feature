Feature: Tokens at Visa
  A token requestor enrols a card, has a token provisioned and pays with it. The card travels in an envelope one way and the
  token number in one the other way; what can be seen by others is the last four digits.

  @id:visa.enrol @source:visa-vic-reference-agent @level:must
  Scenario: A card is enrolled and described
    When POST "/vts/panEnrollments" is sent with
      """
      {"panSource": "MANUALLYENTERED", "consumerEntryMode": "KEYENTERED", "encPaymentInstrument": "{visa_sealed}"}
      """
    Then the status is 201
    And the media type is "application/json"
    And "/vPanEnrollmentID" has the shape of a text
    And "/paymentInstrument/last4" is four digits
    And "/paymentInstrument/paymentAccountReference" has the shape of an account reference
    And "/cardMetaData/cardData/[contentType=digitalCardArt]/guid" has the shape of a text
    And the answer holds no card number

  @id:visa.card-art @source:visa-vic-reference-agent @level:must
  Scenario: The picture of a card can be fetched by the name that its description gives
    Given POST "/vts/panEnrollments" is answered with 201 to
      """
      {"encPaymentInstrument": "{visa_sealed}"}
      """
    And "/vPanEnrollmentID" is kept as "enrolment"
    And GET "/vts/panEnrollments/{enrolment}" is answered with 200
    And "/cardMetaData/cardData/[contentType=digitalCardArt]/guid" is kept as "guid"
    When GET "/vts/cps/getContent/{guid}" is sent
    Then the status is 200
    And "/content/0/mimeType" has the shape of a text
    And "/content/0/encodedData" has the shape of a text

  @id:visa.provision @source:visa-vic-reference-agent @level:must
  Scenario: A token of an enrolled card
    Given POST "/vts/panEnrollments" is answered with 201 to
      """
      {"encPaymentInstrument": "{visa_sealed}"}
      """
    And "/vPanEnrollmentID" is kept as "enrolment"
    When POST "/vts/panEnrollments/{enrolment}/provisionedTokens" is sent with
      """
      {"presentationType": ["AI_AGENT"], "protectionType": "CLOUD", "accountType": "WALLET"}
      """
    Then the status is 201
    And "/vProvisionedTokenID" has the shape of a text
    And "/tokenInfo/tokenStatus" equals "ACTIVE"
    And "/tokenInfo/encTokenInfo" is an envelope with a token number at "/token"
    And "/tokenInfo/last4" is four digits
    And "/tokenInfo/expirationDate" has the members "month year"

  @id:visa.provision-card @source:visa-mcp-api-client @level:must
  Scenario: A token of a card that comes with the request
    Given POST "/vts/provisionedTokens" is answered with 201 to
      """
      {"presentationType": ["ECOM"], "protectionType": "CLOUD", "encPaymentInstrument": "{visa_sealed}"}
      """
    And "/vProvisionedTokenID" is kept as "token"
    When GET "/vts/provisionedTokens/{token}" is sent
    Then the status is 200
    And "/tokenInfo/tokenStatus" equals "ACTIVE"
    And "/tokenInfo/expirationDate" has the members "month year"
    And the answer holds no card number

  @id:visa.payment-data @source:bePaid-VTS @level:must
  Scenario: Payment data with a long cryptogram
    Given POST "/vts/provisionedTokens" is answered with 201 to
      """
      {"encPaymentInstrument": "{visa_sealed}"}
      """
    And "/vProvisionedTokenID" is kept as "token"
    When POST "/vts/provisionedTokens/{token}/paymentData" is sent with
      """
      {"clientPaymentDataID": "payment-1", "paymentRequest": {"transactionType": "ECOM"}}
      """
    Then the status is 200
    And "/vPaymentDataID" has the shape of a hexadecimal id
    And "/cryptogramInfo/cryptogram" has the shape of a base64 of 20 bytes
    And "/cryptogramInfo/eci" equals "07"
    And "/paymentInstrument/paymentType/cardBrand" equals "VISA"
    And "/tokenInfo/encTokenInfo" is an envelope with a token number at "/token"

  @id:visa.payment-data-short @source:Cybersource-network-tokens @level:must
  Scenario: Payment data with a short cryptogram
    Given POST "/vts/provisionedTokens" is answered with 201 to
      """
      {"encPaymentInstrument": "{visa_sealed}"}
      """
    And "/vProvisionedTokenID" is kept as "token"
    When POST "/vts/provisionedTokens/{token}/paymentData" is sent with
      """
      {"clientPaymentDataID": "payment-1", "cryptogramType": "DTVV", "paymentRequest": {"transactionType": "ECOM"}}
      """
    Then the status is 200
    And "/cryptogramInfo/cryptogram" is three digits

  @id:visa.change @source:Visa-sample-2016 @level:must
  Scenario Outline: A token is suspended, resumed and deleted with any reason
    Given POST "/vts/provisionedTokens" is answered with 201 to
      """
      {"encPaymentInstrument": "{visa_sealed}"}
      """
    And "/vProvisionedTokenID" is kept as "token"
    And PUT "/vts/provisionedTokens/{token}/suspend" is answered with 200 to
      """
      {"updateReason": {"reasonCode": "CUSTOMER_CONFIRMED"}}
      """
    And PUT "/vts/provisionedTokens/{token}/<verb>" is answered with 200 to
      """
      {"updateReason": {"reasonCode": "FRAUD", "reasonDesc": "a reason is tied to no verb"}}
      """
    When GET "/vts/provisionedTokens/{token}" is sent
    Then the status is 200
    And "/tokenInfo/tokenStatus" equals "<state>"

    Examples:
      | verb   | state   |
      | resume | ACTIVE  |
      | delete | DELETED |

  @id:visa.json-always @source:visa-mcp-api-client @level:must
  Scenario: A change is answered with JSON, because clients parse every answer
    Given POST "/vts/provisionedTokens" is answered with 201 to
      """
      {"encPaymentInstrument": "{visa_sealed}"}
      """
    And "/vProvisionedTokenID" is kept as "token"
    When PUT "/vts/provisionedTokens/{token}/delete" is sent with
      """
      {"updateReason": {"reasonCode": "CUSTOMER_CONFIRMED"}}
      """
    Then the status is 200
    And the media type is "application/json"
    And "" has the members ""
