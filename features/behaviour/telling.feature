Feature: Being told
  What network and issuer do to a token happens behind the merchant's back. A webhook tells of it: signed, in order for its
  token, and again and again until it is taken.

  Background:
    Given the merchant listens for webhooks

  @id:telling.provisioned @source:Standard-Webhooks @level:must @cap:enrol @cap:webhooks
  Scenario: A new token is told of
    Given an eligible card
    When the card is enrolled
    Then the merchant is told that the token was provisioned
    And every webhook is signed with the secret of the endpoint

  @id:telling.changed @source:Standard-Webhooks @level:must @cap:network-events @cap:webhooks
  Scenario Outline: What happens to a token is told: <happens>
    Given an enrolled card
    When the <who> <happens> the token
    Then the merchant is told that the token was <told>
    And every webhook is signed with the secret of the endpoint

    Examples:
      | happens  | who     | told      |
      | suspends | issuer  | suspended |
      | deletes  | network | deleted   |

  @id:telling.order @source:Standard-Webhooks @level:must @cap:network-events @cap:webhooks
  Scenario: What happens to one token is told in order
    Given an enrolled card
    When the issuer suspends the token
    And the issuer resumes the token
    And the network deletes the token
    Then the merchant is told that the token was suspended, resumed and deleted, in this order

  @id:telling.again @source:Standard-Webhooks @level:must @cap:network-events @cap:webhooks
  Scenario: What could not be delivered is delivered later, as it was
    Given an enrolled card
    And the merchant's receiver is down
    When the issuer suspends the token
    And the receiver is up again after it has refused a webhook
    And 60 seconds pass
    Then the merchant is told that the token was suspended
    And every try of a webhook had the same id and body
    And every webhook is signed with the secret of the endpoint
