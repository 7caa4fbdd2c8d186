Feature: What Mastercard refuses
  The application says everything with status 500: one reason code for each thing that is wrong, and which member it is about.
  That the issuer declined is no error but a decision.

  Background:
    Given POST "/mdes/digitization/static/1/0/tokenize" is answered with 200 to
      """
      {"tokenType": "CLOUD", "tokenRequestorId": "{token_requestor_id}", "taskId": "{fresh}",
       "fundingAccountInfo": {"encryptedPayload": {"encryptedData": "{mastercard_sealed}"}}}
      """

  @id:mastercard.card @source:Checkout-network-token-provisioning-codes @level:must @negative
  Scenario Outline: A card that gets no token
    When POST "/mdes/digitization/static/1/0/tokenize" is sent with
      """
      {"tokenType": "CLOUD", "tokenRequestorId": "{token_requestor_id}", "taskId": "{fresh}",
       "fundingAccountInfo": {"encryptedPayload": {"encryptedData": "{<card>_sealed}"}}}
      """
    Then it is refused with 500 "<reason>"

    Examples:
      | card                | reason         |
      | card_not_allowed    | PAN_INELIGIBLE |
      | verification_failed | INVALID_PAN    |

  @id:mastercard.declined @source:MDES-Digital-Enablement-1.3.0 @level:must
  Scenario: That the issuer declined is a decision
    When POST "/mdes/digitization/static/1/0/tokenize" is sent with
      """
      {"tokenType": "CLOUD", "tokenRequestorId": "{token_requestor_id}", "taskId": "{fresh}",
       "fundingAccountInfo": {"encryptedPayload": {"encryptedData": "{declined_sealed}"}}}
      """
    Then the status is 200
    And "/decision" equals "DECLINED"
    And "/tokenUniqueReference" is absent

  @id:mastercard.missing @source:MDES-pre-digitization @level:must @negative
  Scenario Outline: A missing member is named: <member>
    When the same request is sent without "/<member>"
    Then it is refused with 500 "MISSING_REQUIRED_FIELD" at "<member>"

    Examples:
      | member             |
      | tokenType          |
      | tokenRequestorId   |
      | taskId             |
      | fundingAccountInfo |

  @id:mastercard.wrong @source:MDES-pre-digitization @level:must @negative
  Scenario Outline: A wrong member is named: <wrong>
    When the same request is sent with "/<member>" set to <value>
    Then it is refused with 500 "<reason>" at "<member>"

    Examples:
      | wrong             | member           | value | reason               |
      | unknown type      | tokenType        | "NFC" | INVALID_FIELD_VALUE  |
      | short requestor   | tokenRequestorId | "1"   | INVALID_FIELD_VALUE  |
      | requestor number  | tokenRequestorId | 1     | INVALID_FIELD_FORMAT |
      | task as a list    | taskId           | []    | INVALID_FIELD_FORMAT |
      | language in words | consumerLanguage | "eng" | INVALID_FIELD_LENGTH |

  @id:mastercard.requestor @source:MDES-pre-digitization @level:must @negative
  Scenario: Another requestor than that of the key is refused
    When the same request is sent with "/tokenRequestorId" set to "98765432102"
    Then it is refused with 500 "AUTHORIZATION_FAILED" at "tokenRequestorId"

  @id:mastercard.envelope @source:MDES-pre-digitization @level:must @negative
  Scenario: An envelope that does not open is named
    When the same request is sent with "/fundingAccountInfo/encryptedPayload/encryptedData" set to "a.b.c.d.e"
    Then it is refused with 500 "CRYPTOGRAPHY_ERROR" at "fundingAccountInfo.encryptedPayload.encryptedData"

  @id:mastercard.not-json @source:MDES-pre-digitization @level:must @negative
  Scenario: A body that is not JSON
    When the same request is sent with the body
      """
      tokenType=CLOUD
      """
    Then it is refused with 500 "INVALID_JSON"

  @id:mastercard.unknown @source:MDES-pre-digitization @level:must @negative
  Scenario Outline: A token that was never issued: <path>
    When POST "/mdes/<path>" is sent with
      """
      {"requestId": "{fresh}", "tokenUniqueReference": "DWSPMC000000000100000000000000000000000000000000", "dsrpType": "UCAF"}
      """
    Then it is refused with 500 "INVALID_TOKEN_UNIQUE_REFERENCE"

    Examples:
      | path                                  |
      | digitization/static/1/0/getToken      |
      | remotetransaction/static/1/0/transact |

  @id:mastercard.task-unknown @source:MDES-pre-digitization @level:must @negative
  Scenario: A task that was never begun
    When POST "/mdes/digitization/static/1/0/getTaskStatus" is sent with
      """
      {"requestId": "{fresh}", "tokenRequestorId": "{token_requestor_id}", "taskId": "{fresh}"}
      """
    Then it is refused with 500 "INVALID_TASK_ID"

  @id:mastercard.suspended @source:MDES-Digital-Enablement-1.3.0 @level:must @negative
  Scenario: A suspended token does not pay
    Given "/tokenUniqueReference" is kept as "token"
    And POST "/mdes/digitization/static/1/0/suspend" is answered with 200 to
      """
      {"requestId": "{fresh}", "tokenUniqueReferences": ["{token}"], "causedBy": "TOKEN_REQUESTOR", "reasonCode": "OTHER"}
      """
    When POST "/mdes/remotetransaction/static/1/0/transact" is sent with
      """
      {"requestId": "{fresh}", "tokenUniqueReference": "{token}", "dsrpType": "UCAF"}
      """
    Then it is refused with 500 "INVALID_TOKEN_STATUS"

  @id:mastercard.ten @source:MDES-Digital-Enablement-1.3.0 @level:must @negative
  Scenario: More than ten tokens at once are refused
    When POST "/mdes/digitization/static/1/0/suspend" is sent with
      """
      {"requestId": "{fresh}", "tokenUniqueReferences": ["a","b","c","d","e","f","g","h","i","j","k"],
       "causedBy": "TOKEN_REQUESTOR", "reasonCode": "OTHER"}
      """
    Then it is refused with 500 "INVALID_FIELD_LENGTH" at "tokenUniqueReferences"
