Feature: Card updates of the card management API
  Whoever subscribes a card to the account updater is told of a new number, a new expiry or a closed account.

  Background:
    Given POST "/cards" is answered with 201 to
      """
      {"data":{"attributes":{"pan":"{visa}","exp_month":12,"exp_year":31}}}
      """
    And "/data/id" is kept as "card"

  @id:cmp.updates.subscribe @source:CMP-account-updater @level:must
  Scenario: A card is subscribed, once
    Given POST "/cards/{card}/card-update-subscriptions" is answered with 200
    And "/data/id" is kept as "subscription"
    When POST "/cards/{card}/card-update-subscriptions" is sent
    Then the status is 200
    And the media type is "application/vnd.api+json"
    And "/data/type" equals "card_update_subscriptions"
    And "/data/id" equals "{subscription}"
    And "/data/attributes/state" equals "enrolled"
    And "/data/attributes/event" equals "valid"
    And "/data/attributes/bin" is six digits
    And "/data/attributes/created_at" has the shape of a UTC timestamp
    And "/data/attributes/updated_at" has the shape of a UTC timestamp

  @id:cmp.updates.included @source:CMP-account-updater @level:must
  Scenario: The subscription is included when its card is read
    Given POST "/cards/{card}/network-tokens" is answered with 200
    And POST "/cards/{card}/card-update-subscriptions" is answered with 200
    And "/data/id" is kept as "subscription"
    When GET "/cards/{card}" is sent
    Then the status is 200
    And "/included/[type=card_update_subscriptions]/id" equals "{subscription}"
    And "/included/[type=card_update_subscriptions]/attributes/state" equals "enrolled"
    And "/included/[type=network_tokens]/attributes/state" equals "active"

  @id:cmp.updates.unsubscribe @source:CMP-account-updater @level:must
  Scenario: A subscription ends
    Given POST "/cards/{card}/card-update-subscriptions" is answered with 200
    When DELETE "/cards/{card}/card-update-subscriptions" is sent
    Then the status is 204
    And the body is empty

  @id:cmp.updates.check @source:CMP-account-updater @level:should
  Scenario: A card is looked at once
    When POST "/cards/{card}/check" is sent
    Then the status is 200
    And "/data/type" equals "card_updates"
    And "/data/attributes/event" equals "valid"
    And "/data/attributes/updated_values" holds 0 items

  @id:cmp.updates.unknown @source:CMP-account-updater @level:must @negative
  Scenario: A card that nobody vaulted cannot be subscribed
    Given POST "/cards/{card}/card-update-subscriptions" is answered with 200
    When POST "/cards/CRD1111111111111111111111/card-update-subscriptions" is sent
    Then it is refused with 404 "not-found"

  @id:cmp.updates.not-subscribed @source:CMP-account-updater @level:must @negative
  Scenario: What is not subscribed cannot be unsubscribed
    Given POST "/cards/{card}/card-update-subscriptions" is answered with 200
    And DELETE "/cards/{card}/card-update-subscriptions" is answered with 204
    When DELETE "/cards/{card}/card-update-subscriptions" is sent
    Then it is refused with 404 "not-found"
