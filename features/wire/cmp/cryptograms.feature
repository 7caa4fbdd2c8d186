Feature: Cryptograms of the card management API

  Background:
    Given POST "/cards" is answered with 201 to
      """
      {"data":{"attributes":{"pan":"{visa}","exp_month":12,"exp_year":31}}}
      """
    And "/data/id" is kept as "card"
    And POST "/cards/{card}/network-tokens" is answered with 200
    And "/data/id" is kept as "token"
    And POST "/cards/{card}/cryptogram" is answered with 200 to
      """
      {"data":{"attributes":{"amount":100.5,"currency_code":"USD","transaction_type":"ECOM","cryptogram_type":"TAVV"}}}
      """

  @id:cmp.cryptograms.long @source:CMP-network-tokens @level:must
  Scenario: A long cryptogram comes with the whole token
    When the same request is sent
    Then the status is 200
    And the media type is "application/vnd.api+json"
    And "/data/type" equals "network_tokens"
    And "/data/id" equals "{token}"
    And "/data/attributes" has the members "network_token payment_account_reference last4 bin exp_month exp_year created_at updated_at state"
    And "/data/attributes/cryptogram/value" has the shape of a base64 of 20 bytes
    And "/data/attributes/cryptogram/type" equals "TAVV"
    And "/data/attributes/cryptogram/eci" equals "07"

  @id:cmp.cryptograms.short @source:Provision-Network-Tokens-for-Payments @level:must
  Scenario: A short cryptogram has three digits
    When the same request is sent with "/data/attributes/cryptogram_type" set to "DTVV"
    Then the status is 200
    And "/data/id" equals "{token}"
    And "/data/attributes/cryptogram/value" is three digits
    And "/data/attributes/cryptogram/type" equals "DTVV"

  @id:cmp.cryptograms.default @source:CMP-network-tokens @level:must
  Scenario: Without attributes the cryptogram is a long one
    When the same request is sent with the body
      """
      {"data":{"attributes":{}}}
      """
    Then the status is 200
    And "/data/attributes/cryptogram/type" equals "TAVV"
    And "/data/attributes/cryptogram/value" has the shape of a base64 of 20 bytes

  @id:cmp.cryptograms.transaction @source:CMP-network-tokens @level:must
  Scenario Outline: A cryptogram is issued for a transaction of the type <type>
    When the same request is sent with "/data/attributes/transaction_type" set to "<type>"
    Then the status is 200
    And "/data/attributes/cryptogram/value" has the shape of a base64 of 20 bytes

    Examples:
      | type      |
      | AFT       |
      | POS       |
      | RECURRING |

  @id:cmp.cryptograms.value @source:CMP-network-tokens @level:must @negative
  Scenario Outline: A cryptogram request with a wrong member is refused, and the member is named: <wrong>
    When the same request is sent with "/data/attributes/<member>" set to <value>
    Then it is refused with 422 "validation-failed" at "/data/attributes/<member>"

    Examples:
      | wrong                | member           | value    |
      | amount below 0       | amount           | -1       |
      | amount as text       | amount           | "100.5"  |
      | currency lower case  | currency_code    | "usd"    |
      | currency numeric     | currency_code    | 840      |
      | currency too long    | currency_code    | "USDX"   |
      | transaction unknown  | transaction_type | "BARTER" |
      | transaction as list  | transaction_type | ["ECOM"] |
      | cryptogram unknown   | cryptogram_type  | "CAVV"   |
      | cryptogram as number | cryptogram_type  | 1        |

  @id:cmp.cryptograms.deleted @source:CMP-errors @level:must @negative
  Scenario: A cryptogram of a deleted token is a failed dependency
    When DELETE "/cards/{card}/network-tokens" is sent
    And the same request is sent
    Then it is refused with 422 "failed-dependency"

  @id:cmp.cryptograms.body @source:CMP-errors @level:must @negative
  Scenario: A cryptogram request that is not JSON is refused
    When the same request is sent with the body
      """
      {"data":
      """
    Then it is refused with 400 "bad-request"

  @id:cmp.cryptograms.media-type @source:CMP-errors @level:must @negative
  Scenario: A cryptogram request of another media type is refused
    When the same request is sent with the header "content-type" set to "application/json"
    Then it is refused with 415 "unsupported-media-type"
