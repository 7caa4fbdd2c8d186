Feature: Cards that get no token
  Some cards cannot be tokenised, and the merchant must learn why: one of them will never work, another may work tomorrow,
  and a third needs its details corrected. Each scenario first enrols a card that works, so that a target that refuses
  everything proves nothing.

  @id:refusals.not-allowed @clause:refusals.not-allowed @source:Enroll-Network-Token @level:must @negative @cap:card.card-not-allowed
  Scenario: A card that the network does not allow is refused for that reason
    Given an enrolled card
    And another card that the network does not allow
    When the other card is enrolled
    Then the enrolment is refused as card not allowed

  @id:refusals.declined @clause:refusals.declined @source:Enroll-Network-Token @level:must @negative @cap:card.declined
  Scenario: A card that the issuer declines is refused for that reason
    Given an enrolled card
    And another card that the issuer declines
    When the other card is enrolled
    Then the enrolment is refused as declined

  @id:refusals.not-verified @clause:refusals.not-verified @source:Enroll-Network-Token @level:must @negative @cap:card.verification-failed
  Scenario: A card that the issuer cannot verify is refused for that reason
    Given an enrolled card
    And another card that the issuer cannot verify
    When the other card is enrolled
    Then the enrolment is refused as card not verified

  @id:refusals.stays-failed @clause:refusals.stays-failed @source:Enroll-Network-Token @level:must @cap:card.card-not-allowed @cap:read
  Scenario: A failed enrolment reads as failed and leaves other cards alone
    Given an enrolled card
    And another card that the network does not allow
    When the other card is enrolled
    Then the token of the other card reads as failed
    And the token of the card reads as active

  @id:refusals.unknown-card @clause:refusals.unknown-card @source:CMP-network-tokens @level:must @negative @cap:unknown-card @cap:store
  Scenario: A card that was never put on file cannot be enrolled
    Given an enrolled card
    When a card that was never put on file is enrolled
    Then it is refused as not found

  @id:refusals.unknown-token @clause:refusals.unknown-token @source:CMP-network-tokens @level:must @negative @cap:unknown-card @cap:read
  Scenario: A token that was never issued cannot be read
    Given an enrolled card
    When a token that was never issued is read
    Then it is refused as not found

  @id:refusals.unknown-delete @clause:refusals.unknown-delete @source:CMP-network-tokens @level:must @negative @cap:unknown-card @cap:delete
  Scenario: A token that was never issued cannot be deleted
    Given an enrolled card
    When a token that was never issued is deleted
    Then it is refused as not found
