Feature: Being told
  What network and issuer do to a token happens behind the merchant's back. A webhook tells of it: signed, in order for its
  token, and again and again until it is taken.

  Background:
    Given the merchant listens for webhooks

  @id:telling.provisioned @clause:telling.provisioned @source:Standard-Webhooks @level:must @cap:enrol @cap:webhooks
  Scenario: A new token is told of
    Given an eligible card
    When the card is enrolled
    Then the merchant is told that the token was provisioned

  @id:telling.changed @clause:telling.changed @source:Standard-Webhooks @level:must @cap:event-suspend @cap:event-delete @cap:webhooks
  Scenario Outline: What happens to a token is told: <happens>
    Given an enrolled card
    When the <who> <happens> the token
    Then the merchant is told that the token was <told>

    Examples:
      | happens  | who     | told      |
      | suspends | issuer  | suspended |
      | deletes  | network | deleted   |

  @id:telling.order @clause:telling.order @source:Standard-Webhooks @level:must @cap:webhooks-ordered @cap:event-suspend @cap:event-resume @cap:event-delete @cap:webhooks
  Scenario: What happens to one token is told in order
    Given an enrolled card
    When the issuer suspends the token
    And the issuer resumes the token
    And the network deletes the token
    Then the merchant is told that the token was suspended, resumed and deleted, in this order

  @id:telling.again @clause:telling.again @source:Standard-Webhooks @level:must @cap:webhooks-retried @cap:event-suspend @cap:webhooks
  Scenario: What could not be delivered is delivered later, as it was
    Given an enrolled card
    And the merchant's receiver is down
    When the issuer suspends the token
    And the receiver is up again after it has refused a webhook
    And the time of the next try comes
    Then the merchant is told that the token was suspended
    And every try of a webhook had the same id and body

  @id:telling.signed @clause:telling.signed @source:Standard-Webhooks @level:must @cap:webhooks @cap:webhooks-signed
  Scenario: Every webhook is signed
    Given an enrolled card
    Then the merchant is told that the token was provisioned
    And every webhook is signed with the secret of the endpoint

  @id:telling.signed-again @clause:telling.signed-again @source:Standard-Webhooks @level:must @cap:webhooks-retried @cap:event-suspend @cap:webhooks @cap:webhooks-signed
  Scenario: What is delivered again is signed again
    Given an enrolled card
    And the merchant's receiver is down
    When the issuer suspends the token
    And the receiver is up again after it has refused a webhook
    And the time of the next try comes
    Then the merchant is told that the token was suspended
    And every webhook is signed with the secret of the endpoint

  @id:telling.resumed @clause:telling.resumed @source:Standard-Webhooks @level:must @cap:event-suspend @cap:event-resume @cap:webhooks
  Scenario: A token that is resumed is told of
    Given an enrolled card
    And the issuer has suspended the token
    When the issuer resumes the token
    Then the merchant is told that the token was resumed

  @id:telling.updated @clause:telling.updated @source:Standard-Webhooks @level:must @cap:event-expiry @cap:webhooks-updated
  Scenario: A new expiry is told of
    Given an enrolled card
    When the network moves the token's expiry to month 7 of 2033
    Then the merchant is told that the token was updated

  @id:telling.replaced @clause:telling.replaced @source:Standard-Webhooks @level:must @cap:event-card @cap:webhooks-updated
  Scenario: A replaced card is told of
    Given an enrolled card
    When the network replaces the card number behind the token
    Then the merchant is told that the token was updated

  @id:telling.by-merchant @clause:telling.by-merchant @source:Standard-Webhooks @level:must @cap:delete @cap:webhooks
  Scenario: A token that the merchant deletes is told of
    Given an enrolled card
    When the merchant deletes the token
    Then the merchant is told that the token was deleted

  @id:telling.phantom @clause:telling.phantom @source:Standard-Webhooks @level:must @cap:event-suspend @cap:webhooks
  Scenario: Nothing is told that did not happen, and nothing twice under two ids
    Given an enrolled card
    When the issuer suspends the token
    Then the merchant is told that the token was suspended
    And the merchant is told of nothing that did not happen

  @id:telling.phantom-refused @clause:telling.phantom-refused @source:Standard-Webhooks @level:must @cap:event-suspend @cap:event-delete @cap:webhooks
  Scenario: What was refused is not told of
    Given an enrolled card
    And the network has deleted the token
    When the issuer tries to suspend the token
    Then the merchant is told that the token was deleted
    And the merchant is told of nothing that did not happen

  @id:telling.phantom-enrolment @clause:telling.phantom-enrolment @source:Standard-Webhooks @level:must @cap:read @cap:webhooks
  Scenario: Reading a token tells nobody anything
    Given an enrolled card
    When the token is read
    Then the merchant is told that the token was provisioned
    And the merchant is told of nothing that did not happen

  @id:telling.other-merchant @clause:telling.other-merchant @source:OWASP-API1-API2-2023 @level:must @cap:webhooks @cap:other-merchant @cap:access
  Scenario: A merchant is told of its own tokens only
    Given an enrolled card
    When another merchant enrols a card
    Then the merchant is told that the token was provisioned
    And the merchant is not told of the other merchant's token

  @id:telling.stale @clause:telling.stale @source:Standard-Webhooks @level:must @cap:webhooks @cap:webhooks-state @cap:event-suspend
  Scenario: A message tells the state that follows from what happened
    Given an enrolled card
    When the issuer suspends the token
    Then the merchant is told that the token was suspended
    And the webhook tells that the token is suspended

  @id:telling.time @clause:telling.time @source:Standard-Webhooks @level:must @cap:webhooks @cap:webhooks-timed
  Scenario: A message is signed at the time at which it is sent
    Given an enrolled card
    Then the merchant is told that the token was provisioned
    And every webhook was signed at the time at which it came

  @id:telling.no-more @clause:telling.no-more @source:Standard-Webhooks @level:must @cap:webhooks @cap:unlisten @cap:event-suspend
  Scenario: Nothing is told to an endpoint that was taken away
    Given an enrolled card
    And the merchant has been told that the token was provisioned
    And the merchant has taken the endpoint away
    When the issuer suspends the token
    Then the merchant is not told that the token was suspended
