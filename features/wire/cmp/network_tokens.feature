Feature: Network tokens of the card management API

  @id:cmp.tokens.create @source:CMP-network-tokens @level:must
  Scenario: A provisioned token is told in full
    Given POST "/cards" is answered with 201 to
      """
      {"data":{"attributes":{"pan":"{visa}","exp_month":12,"exp_year":31}}}
      """
    And "/data/id" is kept as "card"
    When POST "/cards/{card}/network-tokens" is sent
    Then the status is 200
    And the media type is "application/vnd.api+json"
    And "/data/type" equals "network_tokens"
    And "/data/id" has the shape of a token id
    And "/data/attributes/payment_account_reference" has the shape of an account reference
    And "/data/attributes/network_token" has the shape of a token number
    And "/data/attributes/bin" is six digits
    And "/data/attributes/last4" is four digits
    And "/data/attributes/exp_month" has the shape of a month
    And "/data/attributes/exp_year" has the shape of a two-digit year
    And "/data/attributes/created_at" has the shape of a timestamp without zone
    And "/data/attributes/updated_at" has the shape of a timestamp without zone
    And "/data/attributes/state" equals "active"
    And "/data/relationships/card/data/id" equals "{card}"
    And "/data/relationships/card/data/type" equals "cards"

  @id:cmp.tokens.bodies @source:CMP-network-tokens @level:must
  Scenario Outline: A provisioning request may have a body without attributes: <what>
    Given POST "/cards" is answered with 201 to
      """
      {"data":{"attributes":{"pan":"{visa}","exp_month":12,"exp_year":31}}}
      """
    And "/data/id" is kept as "card"
    When POST "/cards/{card}/network-tokens" is sent with
      """
      <body>
      """
    Then the status is 200
    And "/data/attributes/state" equals "active"

    Examples:
      | what                 | body                       |
      | empty object         | {}                         |
      | empty JSON:API       | {"data":{"attributes":{}}} |

  @id:cmp.tokens.included @source:Provision-Network-Tokens-for-Payments @level:must
  Scenario: The token is included when its card is read
    Given POST "/cards" is answered with 201 to
      """
      {"data":{"attributes":{"pan":"{visa}","exp_month":12,"exp_year":31}}}
      """
    And "/data/id" is kept as "card"
    And POST "/cards/{card}/network-tokens" is answered with 200
    And "/data/id" is kept as "token"
    And "/data/attributes/network_token" is kept as "number"
    When GET "/cards/{card}" is sent
    Then the status is 200
    And "/included/[type=network_tokens]/id" equals "{token}"
    And "/included/[type=network_tokens]/attributes/network_token" equals "{number}"
    And "/included/[type=network_tokens]/attributes/state" equals "active"

  @id:cmp.tokens.included-in-data @source:Provision-Network-Tokens-for-Payments @level:must
  Scenario: The token is also included where the guide shows it
    Given POST "/cards" is answered with 201 to
      """
      {"data":{"attributes":{"pan":"{visa}","exp_month":12,"exp_year":31}}}
      """
    And "/data/id" is kept as "card"
    And POST "/cards/{card}/network-tokens" is answered with 200
    And "/data/id" is kept as "token"
    When GET "/cards/{card}" is sent
    Then "/data/included/[type=network_tokens]/id" equals "{token}"
    And "/data/included/[type=network_tokens]/attributes" has the members "payment_account_reference network_token last4 bin exp_month exp_year created_at updated_at state"

  @id:cmp.tokens.refused-card @source:Enroll-Network-Token @level:must @cap:card.card-not-allowed
  Scenario: A provisioning that the network refuses is told as a failed token
    Given POST "/cards" is answered with 201 to
      """
      {"data":{"attributes":{"pan":"{card_not_allowed}","exp_month":12,"exp_year":31}}}
      """
    And "/data/id" is kept as "card"
    When POST "/cards/{card}/network-tokens" is sent
    Then the status is 200
    And "/data/attributes/state" equals "failed"
    And "/data/attributes/error_code" equals "card_not_allowed"
    And "/data/attributes/description" has the shape of a text

  @id:cmp.tokens.delete @source:CMP-network-tokens @level:must
  Scenario: A deleted token stays on show as deleted
    Given POST "/cards" is answered with 201 to
      """
      {"data":{"attributes":{"pan":"{visa}","exp_month":12,"exp_year":31}}}
      """
    And "/data/id" is kept as "card"
    And POST "/cards/{card}/network-tokens" is answered with 200
    And DELETE "/cards/{card}/network-tokens" is answered with 204
    When GET "/cards/{card}" is sent
    Then the status is 200
    And "/included/[type=network_tokens]/attributes/state" equals "deleted"

  @id:cmp.tokens.delete-status @source:CMP-network-tokens @level:must
  Scenario: Deleting a token answers without a body
    Given POST "/cards" is answered with 201 to
      """
      {"data":{"attributes":{"pan":"{visa}","exp_month":12,"exp_year":31}}}
      """
    And "/data/id" is kept as "card"
    And POST "/cards/{card}/network-tokens" is answered with 200
    When DELETE "/cards/{card}/network-tokens" is sent
    Then the status is 204
    And the body is empty

  @id:cmp.tokens.delete-none @source:CMP-network-tokens @level:must @negative
  Scenario: A token that there is not cannot be deleted
    Given POST "/cards" is answered with 201 to
      """
      {"data":{"attributes":{"pan":"{visa}","exp_month":12,"exp_year":31}}}
      """
    And "/data/id" is kept as "card"
    When DELETE "/cards/{card}/network-tokens" is sent
    Then it is refused with 404 "not-found"

  @id:cmp.tokens.on-create @source:Provision-Network-Tokens-for-Payments @level:must @cap:account.on-create @cap:clock
  Scenario: An account of the kind On-Create gets the token a little after the card
    When POST "/cards" is sent by the on-create account with
      """
      {"data":{"attributes":{"pan":"{visa}","exp_month":12,"exp_year":31}}}
      """
    And "/data/id" is kept as "card"
    And 60 seconds pass
    And GET "/cards/{card}" is sent by the on-create account
    Then the status is 200
    And "/included/[type=network_tokens]/attributes/state" equals "active"

  @id:cmp.tokens.on-create-later @source:Provision-Network-Tokens-for-Payments @level:must @cap:account.on-create @cap:clock
  Scenario: Right after the card there is no token yet
    When POST "/cards" is sent by the on-create account with
      """
      {"data":{"attributes":{"pan":"{visa}","exp_month":12,"exp_year":31}}}
      """
    Then the status is 201
    And "/included" holds 0 items
