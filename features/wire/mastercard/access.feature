Feature: Who may call Mastercard
  Every request is signed over its method, address, time and body. What does not fit is turned away by the gateway, in a
  shape of its own, before the application sees it.

  Background:
    Given POST "/mdes/digitization/static/1/0/tokenize" is answered with 200 to
      """
      {"tokenType": "CLOUD", "tokenRequestorId": "{token_requestor_id}", "taskId": "{fresh}",
       "fundingAccountInfo": {"encryptedPayload": {"encryptedData": "{mastercard_sealed}"}}}
      """
    And "/tokenUniqueReference" is kept as "token"
    And POST "/mdes/digitization/static/1/0/getToken" is answered with 200 to
      """
      {"requestId": "{fresh}", "tokenUniqueReference": "{token}"}
      """

  @id:mastercard.unsigned @source:MDES-Digital-Enablement-1.3.0 @level:must @negative
  Scenario: A request without a signature is turned away
    When the same request is sent without credentials
    Then it is refused with 401 "AUTHENTICATION_FAILED"

  @id:mastercard.client @source:Mastercard-Gateway-Error-Codes @level:must @negative
  Scenario: A consumer key that is nobody's is turned away
    When the same request is sent with a key that is nobody's
    Then it is refused with 401 "INVALID_CLIENT_ID"

  @id:mastercard.signature @source:MDES-Digital-Enablement-1.3.0 @level:must @negative
  Scenario: A signature with another key is turned away
    When the same request is sent signed with another secret
    Then it is refused with 401 "AUTHENTICATION_FAILED" at "OAuth signatures did not match."

  @id:mastercard.body @source:Mastercard-Gateway-Error-Codes @level:must @negative
  Scenario: A body that is not the one that was signed is turned away
    When the same request is sent with its body changed after it was signed
    Then it is refused with 400 "INVALID_BODY_HASH"

  @id:mastercard.stale @source:RFC-5849-section-3.3 @level:must @negative
  Scenario: A signature of an hour ago is turned away
    When the same request is sent signed 3600 seconds too early
    Then it is refused with 401 "AUTHENTICATION_FAILED"

  @id:mastercard.ahead @source:RFC-5849-section-3.3 @level:must @negative
  Scenario: A signature of an hour ahead is turned away
    When the same request is sent signed 3600 seconds too late
    Then it is refused with 401 "AUTHENTICATION_FAILED"

  @id:mastercard.method @source:MDES-Digital-Enablement-1.3.0 @level:must @negative
  Scenario: A method that a path does not know
    When the same request is sent with the method PUT
    Then the method is refused
