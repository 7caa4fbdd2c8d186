Feature: Malformed requests to the card management API
  Each scenario first sends a request that is accepted, then the same request with one thing wrong, so that what is refused
  is that one thing.

  Background:
    Given POST "/cards" is answered with 201 to
      """
      {"data":{"attributes":{"pan":"{visa}","exp_month":12,"exp_year":31}}}
      """

  @id:cmp.malformed.missing @source:CMP-errors @level:must @negative
  Scenario Outline: A card without <member> is refused, and the member is named
    When the same request is sent without "/data/attributes/<member>"
    Then it is refused with 422 "missing-required-field" at "/data/attributes/<member>"

    Examples:
      | member    |
      | pan       |
      | exp_month |
      | exp_year  |

  @id:cmp.malformed.value @source:CMP-errors @level:must @negative
  Scenario Outline: A card with a wrong member is refused, and the member is named: <wrong>
    When the same request is sent with "/data/attributes/<member>" set to <value>
    Then it is refused with 422 "validation-failed" at "/data/attributes/<member>"

    Examples:
      | wrong                | member    | value                   |
      | month 0              | exp_month | 0                       |
      | month 13             | exp_month | 13                      |
      | month below 0        | exp_month | -1                      |
      | month as text        | exp_month | "12"                    |
      | month as fraction    | exp_month | 1.5                     |
      | month as list        | exp_month | [12]                    |
      | month as flag        | exp_month | true                    |
      | year below 0         | exp_year  | -1                      |
      | year as text         | exp_year  | "31"                    |
      | year of three digits | exp_year  | 131                     |
      | pan as number        | pan       | 4111                    |
      | pan as object        | pan       | {}                      |
      | pan with letters     | pan       | "4111-aaaa"             |
      | pan empty            | pan       | ""                      |
      | pan too short        | pan       | "411111111111"          |
      | pan too long         | pan       | "41111111111111111111"  |
      | pan check digit      | pan       | "4111111111111112"      |
      | cvc with letters     | cvc       | "12a"                   |
      | cvc too short        | cvc       | "12"                    |
      | cvc too long         | cvc       | "12345"                 |
      | cvc as number        | cvc       | 123                     |

  @id:cmp.malformed.very-long @source:CMP-errors @level:must @negative
  Scenario: A card number of ten thousand digits is refused as such
    When the same request is sent with "/data/attributes/pan" 10000 characters long
    Then it is refused with 422 "validation-failed" at "/data/attributes/pan"

  @id:cmp.malformed.unlisted @source:standin-safety @level:must @negative @cap:listed-cards-only
  Scenario: A number that is not a test number is refused with the way to allow it
    When the same request is sent with a card number that is nobody's at "/data/attributes/pan"
    Then it is refused with 422 "validation-failed" naming "--allow-pan"

  @id:cmp.malformed.body @source:CMP-errors @level:must @negative
  Scenario Outline: A body that is no JSON:API document is refused: <wrong>
    When the same request is sent with the body
      """
      <body>
      """
    Then it is refused with 400 "bad-request"

    Examples:
      | wrong                 | body                         |
      | not JSON              | {"data":                     |
      | text                  | pan=1                        |
      | a list                | []                           |
      | a string              | "card"                       |
      | null                  | null                         |
      | no data               | {}                           |
      | data null             | {"data":null}                |
      | data a list           | {"data":[]}                  |
      | no attributes         | {"data":{}}                  |
      | attributes null       | {"data":{"attributes":null}} |
      | attributes a list     | {"data":{"attributes":[]}}   |
      | something behind JSON | {"data":{"attributes":{}}} x |

  @id:cmp.malformed.media-type @source:CMP-errors @level:must @negative
  Scenario Outline: A body of another media type is refused: <type>
    When the same request is sent with the header "content-type" set to "<type>"
    Then it is refused with 415 "unsupported-media-type"

    Examples:
      | type                              |
      | application/json                  |
      | text/plain                        |
      | application/x-www-form-urlencoded |

  @id:cmp.malformed.no-media-type @source:CMP-errors @level:must @negative
  Scenario: A body without a media type is refused
    When the same request is sent without the header "content-type"
    Then it is refused with 415 "unsupported-media-type"

  @id:cmp.malformed.method @source:CMP-errors @level:must @negative
  Scenario Outline: A method that the path does not know is refused: <method>
    When the same request is sent with the method <method>
    Then the method is refused

    Examples:
      | method |
      | PUT    |
      | DELETE |

  @id:cmp.malformed.unknown-card @source:CMP-errors @level:must @negative
  Scenario Outline: A card that was never created is not found: <what>
    When <method> "/cards/CRDneverIssued1111111111111<rest>" is sent
    Then it is refused with 404 "not-found"

    Examples:
      | what               | method | rest            |
      | read               | GET    |                 |
      | delete             | DELETE |                 |
      | enrol              | POST   | /network-tokens |
      | delete token       | DELETE | /network-tokens |
      | cryptogram         | POST   | /cryptogram     |
      | no id of that form | GET    | %20             |
