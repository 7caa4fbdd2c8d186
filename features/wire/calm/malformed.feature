Feature: Malformed enrolment requests
  Each scenario first sends an enrolment that is accepted, then the same request with one thing wrong.

  Background:
    Given POST "/aliases" is answered with 201 to
      """
      {"data":[{"value":"{visa}","format":"UUID","storage":"PERSISTENT"}]}
      """
    And "/data/0/aliases/0/alias" is kept as "alias"
    And POST "/network-tokens" is answered with 200 to
      """
      {"pan_alias":"{alias}","exp_month":12,"exp_year":31}
      """

  @id:calm.malformed.missing @source:Enroll-Network-Token @level:must @negative
  Scenario Outline: An enrolment without <member> is refused, and the member is named
    When the same request is sent without "/<member>"
    Then it is refused with 422 "required-fields-missing" naming "<member>"

    Examples:
      | member    |
      | pan_alias |
      | exp_month |
      | exp_year  |

  @id:calm.malformed.value @source:Enroll-Network-Token @level:must @negative
  Scenario Outline: An enrolment with a wrong member is refused, and the member is named: <wrong>
    When the same request is sent with "/<member>" set to <value>
    Then it is refused with 422 "invalid-format" at "/<member>"

    Examples:
      | wrong                   | member                      | value    |
      | month 0                 | exp_month                   | 0        |
      | month 13                | exp_month                   | 13       |
      | month as text           | exp_month                   | "12"     |
      | month as fraction       | exp_month                   | 0.5      |
      | year below 0            | exp_year                    | -31      |
      | year as text            | exp_year                    | "31"     |
      | year of three digits    | exp_year                    | 131      |
      | alias as number         | pan_alias                   | 557349   |
      | alias empty             | pan_alias                   | ""       |
      | alias of the code       | cvv_alias                   | 123      |
      | name as number          | name                        | 7        |
      | address as text         | billing_address             | "NY"     |
      | city as list            | billing_address/city        | ["NY"]   |
      | postal code as flag     | billing_address/postal_code | true     |

  @id:calm.malformed.body @source:Enroll-Network-Token @level:must @negative
  Scenario Outline: A body that is no JSON object is refused: <wrong>
    When the same request is sent with the body
      """
      <body>
      """
    Then it is refused with 400 "invalid-payload"

    Examples:
      | wrong    | body         |
      | not JSON | {"pan_alias" |
      | a list   | []           |
      | text     | pan_alias=x  |
      | null     | null         |

  @id:calm.malformed.media-type @source:Enroll-Network-Token @level:must @negative
  Scenario Outline: A body of another media type is refused: <type>
    When the same request is sent with the header "content-type" set to "<type>"
    Then it is refused with 415 "unsupported-media-type"

    Examples:
      | type                              |
      | text/plain                        |
      | application/x-www-form-urlencoded |

  @id:calm.malformed.unknown-alias @source:Enroll-Network-Token @level:must @negative
  Scenario: An alias that the vault does not know is refused
    When the same request is sent with "/pan_alias" set to "tok_sandbox_neverIssued11111111111"
    Then it is refused with 404 "alias-not-found"

  @id:calm.malformed.unknown-token @source:Enroll-Network-Token @level:must @negative
  Scenario Outline: An enrolment that was never made is not found: <method>
    When <method> "/network-tokens/tok_sandbox_neverIssued11111111111" is sent
    Then it is refused with 404 "not-found"

    Examples:
      | method |
      | GET    |
      | DELETE |

  @id:calm.malformed.nobody @source:Enroll-Network-Token @level:must @negative
  Scenario: An enrolment without a token is refused
    When the same request is sent without credentials
    Then it is refused with 401 "unauthorized"

  @id:calm.malformed.garbage @source:Enroll-Network-Token @level:must @negative
  Scenario: An enrolment with a token that is none is refused
    When the same request is sent with the credential "Bearer garbage"
    Then it is refused with 401 "unauthorized"

  @id:calm.malformed.scope @source:VGS-service-accounts @level:must @negative
  Scenario: Enrolling needs the scope to write network tokens
    When the same request is sent with the scopes "network-tokens:read"
    Then it is refused with 403 "forbidden" naming "network-tokens:write"

  @id:calm.malformed.scope-read @source:VGS-service-accounts @level:must @negative
  Scenario: Reading needs the scope to read network tokens
    When GET "/network-tokens/{alias}" is sent with the scopes "network-tokens:write"
    Then it is refused with 403 "forbidden" naming "network-tokens:read"
