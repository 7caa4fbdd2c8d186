Feature: Who may do what in the card management API

  @id:cmp.access.nobody @source:CMP-errors @level:must @negative
  Scenario: A request without a token is refused
    Given POST "/cards" is answered with 201 to
      """
      {"data":{"attributes":{"pan":"{visa}","exp_month":12,"exp_year":31}}}
      """
    When the same request is sent without credentials
    Then it is refused with 401 "unauthorized"

  @id:cmp.access.credential @source:CMP-errors @level:must @negative
  Scenario Outline: A request with a credential that is no token is refused: <wrong>
    Given POST "/cards" is answered with 201 to
      """
      {"data":{"attributes":{"pan":"{visa}","exp_month":12,"exp_year":31}}}
      """
    When the same request is sent with the credential "<credential>"
    Then it is refused with 401 "unauthorized"

    Examples:
      | wrong        | credential              |
      | garbage      | Bearer garbage          |
      | three parts  | Bearer e30.e30.e30      |
      | empty        | Bearer                  |
      | other scheme | Basic c3RhbmRpbjpzZWNy  |

  @id:cmp.access.unsigned @source:RFC8725-3.1 @level:must @negative
  Scenario: A token that says it needs no signature is refused
    Given POST "/cards" is answered with 201 to
      """
      {"data":{"attributes":{"pan":"{visa}","exp_month":12,"exp_year":31}}}
      """
    When the same request is sent with its token unsigned
    Then it is refused with 401 "unauthorized"

  @id:cmp.access.tampered @source:RFC8725-3.1 @level:must @negative
  Scenario: A token whose claims were changed is refused
    Given POST "/cards" is answered with 201 to
      """
      {"data":{"attributes":{"pan":"{visa}","exp_month":12,"exp_year":31}}}
      """
    When the same request is sent with its token's claims changed
    Then it is refused with 401 "unauthorized"

  @id:cmp.access.expired @source:VGS-authentication @level:must @negative @cap:clock
  Scenario: A token is refused after twenty minutes
    Given POST "/cards" is answered with 201 to
      """
      {"data":{"attributes":{"pan":"{visa}","exp_month":12,"exp_year":31}}}
      """
    And 1201 seconds have passed
    When the same request is sent
    Then it is refused with 401 "unauthorized"

  @id:cmp.access.scope @source:VGS-service-accounts @level:must @negative
  Scenario Outline: A request whose token lacks the scope is refused, and the scope is named: <what>
    Given POST "/cards" is answered with 201 to
      """
      {"data":{"attributes":{"pan":"{visa}","exp_month":12,"exp_year":31}}}
      """
    And "/data/id" is kept as "card"
    And POST "/cards/{card}/network-tokens" is answered with 200
    And <method> "<path>" is answered with <status> to
      """
      {"data":{"attributes":{"pan":"{visa}","exp_month":12,"exp_year":31}}}
      """
    When the same request is sent with the scopes "<others>"
    Then it is refused with 403 "forbidden" naming "<scope>"

    Examples:
      | what                 | method | path                         | status | scope                | others                                                           |
      | create a card        | POST   | /cards                       | 201    | cards:write          | cards:read cards:read-pci network-tokens:read network-tokens:write |
      | enrol a card         | POST   | /cards/{card}/network-tokens | 200    | network-tokens:write | cards:read cards:write network-tokens:read                       |
      | request a cryptogram | POST   | /cards/{card}/cryptogram     | 200    | network-tokens:read  | cards:read cards:write network-tokens:write                      |

  @id:cmp.access.scope-update @source:VGS-service-accounts @level:must @negative
  Scenario: Updating a card needs the scope to write cards
    Given POST "/cards" is answered with 201 to
      """
      {"data":{"attributes":{"pan":"{visa}","exp_month":12,"exp_year":31}}}
      """
    And "/data/id" is kept as "card"
    And PATCH "/cards/{card}" is answered with 200 to
      """
      {"data":{"attributes":{"exp_month":1}}}
      """
    When the same request is sent with the scopes "cards:read cards:read-pci network-tokens:read network-tokens:write"
    Then it is refused with 403 "forbidden" naming "cards:write"

  @id:cmp.access.scope-read @source:VGS-service-accounts @level:must @negative
  Scenario: Reading a card needs the scope for it
    Given POST "/cards" is answered with 201 to
      """
      {"data":{"attributes":{"pan":"{visa}","exp_month":12,"exp_year":31}}}
      """
    And "/data/id" is kept as "card"
    And GET "/cards/{card}" is answered with 200
    When the same request is sent with the scopes "cards:write network-tokens:read"
    Then it is refused with 403 "forbidden" naming "cards:read"

  @id:cmp.access.scope-delete @source:VGS-service-accounts @level:must @negative
  Scenario: Deleting a token needs the scope for it
    Given POST "/cards" is answered with 201 to
      """
      {"data":{"attributes":{"pan":"{visa}","exp_month":12,"exp_year":31}}}
      """
    And "/data/id" is kept as "card"
    And POST "/cards/{card}/network-tokens" is answered with 200
    When DELETE "/cards/{card}/network-tokens" is sent with the scopes "network-tokens:read cards:write"
    Then it is refused with 403 "forbidden" naming "network-tokens:write"

  @id:cmp.access.guide @source:Provision-Network-Tokens-for-Payments @level:must
  Scenario: The two scopes of the guide are enough to read a card and pay with its token
    Given POST "/cards" is answered with 201 to
      """
      {"data":{"attributes":{"pan":"{visa}","exp_month":12,"exp_year":31}}}
      """
    And "/data/id" is kept as "card"
    And POST "/cards/{card}/network-tokens" is answered with 200
    And POST "/cards/{card}/cryptogram" is answered with 200 to
      """
      {"data":{"attributes":{}}}
      """
    When the same request is sent with the scopes "cards:read network-tokens:read"
    Then the status is 200
    And "/data/attributes/cryptogram/value" is present
