Feature: The token service of hyperswitch
  The orchestrator seals a card and is answered a sealed token; after that it names the token by reference and customer.

  Background:
    Given the orchestrator is configured with the keys of the token service
    And POST "/hyperswitch/tokens/generate" is answered with 200 to
      """
      {"service":"NETWORK_TOKEN","cardData":"{visa_sealed}","keyId":"standin-token-service","shouldSendToken":true,
       "orderData":{"consentId":"consent","customerId":"cus_1"}}
      """
    And "/cardReference" in the envelope at "/payload" is kept as "reference"

  @id:hyperswitch.generate @source:juspay-hyperswitch @level:must @cap:account.hyperswitch
  Scenario: A token is answered in an envelope
    When "/token" in the envelope at "/payload" is kept as "number"
    Then "/payload" is an envelope with a token number at "/token"
    And "/payload" is an envelope with a text at "/cardReference"
    And "/payload" is an envelope with a text at "/tokenExpiryMonth"
    And "/payload" is an envelope with a text at "/tokenStatus"
    And the answer holds no card number

  @id:hyperswitch.fetch @source:juspay-hyperswitch @level:must @cap:account.hyperswitch
  Scenario: A token is fetched with a cryptogram
    When POST "/hyperswitch/tokens/fetch" is sent with
      """
      {"card_reference":"{reference}","customer_id":"cus_1"}
      """
    Then the status is 200
    And "/authentication_details/cryptogram" has the shape of a text
    And "/authentication_details/token" has the shape of a token number
    And "/token_details/exp_month" has the shape of a digits
    And "/token_details/exp_year" is four digits
    And "/network" has the shape of a text

  @id:hyperswitch.status @source:juspay-hyperswitch @level:must @cap:account.hyperswitch
  Scenario: The status of a token
    When POST "/hyperswitch/tokens/status" is sent with
      """
      {"card_reference":"{reference}","customer_id":"cus_1"}
      """
    Then the status is 200
    And "/payload/tokenStatus" equals "ACTIVE"

  @id:hyperswitch.delete @source:juspay-hyperswitch @level:must @cap:account.hyperswitch
  Scenario: A token is deleted
    Given POST "/hyperswitch/tokens/delete" is answered with 200 to
      """
      {"card_reference":"{reference}","customer_id":"cus_1"}
      """
    And "/status" equals "SUCCESS"
    When POST "/hyperswitch/tokens/status" is sent with
      """
      {"card_reference":"{reference}","customer_id":"cus_1"}
      """
    Then the status is 200
    And "/payload/tokenStatus" equals "DELETED"

  @id:hyperswitch.stranger @source:juspay-hyperswitch @level:must @negative @cap:account.hyperswitch
  Scenario: Nobody is served without the key
    When the same request is sent without credentials
    Then it is refused with 401 "unauthorized"

  @id:hyperswitch.service @source:juspay-hyperswitch @level:must @negative @cap:account.hyperswitch
  Scenario: Another service is refused
    When the same request is sent with "/service" set to "ALT_ID"
    Then it is refused with 400 "invalid_request" naming "service"

  @id:hyperswitch.torn @source:juspay-hyperswitch @level:must @negative @cap:account.hyperswitch
  Scenario: An envelope that does not open is refused
    When the same request is sent with "/cardData" set to "a.b.c.d.e"
    Then it is refused with 400 "invalid_card_data"

  @id:hyperswitch.another-customer @source:juspay-hyperswitch @level:must @negative @cap:account.hyperswitch
  Scenario: Another customer's token is as unknown as none
    Given POST "/hyperswitch/tokens/status" is answered with 200 to
      """
      {"card_reference":"{reference}","customer_id":"cus_1"}
      """
    When the same request is sent with "/customer_id" set to "cus_2"
    Then it is refused with 404 "token_unknown"
