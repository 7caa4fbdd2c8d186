Feature: Enrolment
  A merchant holds a card on file and asks the network for a token in its place. From then on the token is what is
  stored and paid with, so it must be one token, the same each time, and of no other card.

  @id:enrolment.store @clause:enrolment.store @source:CMP-cards @level:must @cap:store
  Scenario: A card can be put on file before a token is asked for
    Given a card that is not yet on file
    When the card is put on file
    Then the card is on file

  @id:enrolment.visa @clause:enrolment.visa @source:CMP-network-tokens @level:must @cap:card.visa
  Scenario: An eligible Visa card gets an active token
    Given an eligible Visa card
    When the card is enrolled
    Then the request succeeds
    And the token is active

  @id:enrolment.mastercard @clause:enrolment.mastercard @source:CMP-network-tokens @level:must @cap:card.mastercard
  Scenario: An eligible Mastercard card gets an active token
    Given an eligible Mastercard card
    When the card is enrolled
    Then the request succeeds
    And the token is active

  @id:enrolment.reference @clause:enrolment.reference @source:CMP-network-tokens @level:must @cap:reference
  Scenario: The merchant learns a reference by which to speak of the token
    Given an eligible card
    When the card is enrolled
    Then the token is active
    And it has a reference

  @id:enrolment.last4 @clause:enrolment.last4 @source:Enroll-Network-Token @level:must @cap:token-last4
  Scenario: The merchant learns the last four digits to show to the cardholder
    Given an eligible card
    When the card is enrolled
    Then the token is active
    And its last four digits are told

  @id:enrolment.expiry @clause:enrolment.expiry @source:Enroll-Network-Token @level:must @cap:token-expiry
  Scenario: The token has an expiry of its own
    Given an eligible card
    When the card is enrolled
    Then the token is active
    And its expiry is a month of a year

  @id:enrolment.number @clause:enrolment.number @source:EMVCo-payment-tokenisation @level:must @cap:token-number
  Scenario: The token number is not the card number
    Given an eligible card
    When the card is enrolled
    Then the token number is not the card number

  @id:enrolment.number-ends @clause:enrolment.number-ends @source:EMVCo-payment-tokenisation @level:must @cap:token-number @cap:token-last4
  Scenario: The token number ends in the digits that are told
    Given an eligible card
    When the card is enrolled
    Then the token number ends in the digits that are told

  @id:enrolment.again @clause:enrolment.again @source:CMP-network-tokens @level:must @cap:same-token-again
  Scenario: Enrolling a card again returns the token it already has
    Given an enrolled card
    When the card is enrolled again
    Then the request succeeds
    And the token is active
    And it is the same token as before

  @id:enrolment.two-cards @clause:enrolment.two-cards @source:EMVCo-payment-tokenisation @level:must
  Scenario: Two cards have two tokens
    Given an enrolled card
    And another eligible card
    When the other card is enrolled
    Then the token is active
    And the two cards have different tokens

  @id:enrolment.par @clause:enrolment.par @source:EMVCo-payment-account-reference @level:must @cap:par @cap:store
  Scenario: The account reference is that of the card number, whatever token stands for it
    Given an enrolled card
    When the same card number is put on file as another card and enrolled
    Then the token is active
    And the two tokens tell the same account reference

  @id:enrolment.par-differs @clause:enrolment.par-differs @source:EMVCo-payment-account-reference @level:must @cap:par
  Scenario: Two card numbers have two account references
    Given an enrolled card
    And another eligible card
    When the other card is enrolled
    Then the two tokens tell different account references

  @id:enrolment.number-form @clause:enrolment.number-form @source:ISO-7812-and-7813 @level:must @cap:token-number
  Scenario: A token number has a check digit and begins as the network's numbers do
    Given an eligible card
    When the card is enrolled
    Then the token number has a check digit and is one of the network's

  @id:enrolment.number-form-mastercard @clause:enrolment.number-form-mastercard @source:ISO-7812-and-7813 @level:must @cap:token-number @cap:card.mastercard
  Scenario: A Mastercard token number begins as Mastercard's numbers do
    Given an eligible Mastercard card
    When the card is enrolled
    Then the token number has a check digit and is one of the network's

  @id:enrolment.card-last4 @clause:enrolment.card-last4 @source:Enroll-Network-Token @level:must @cap:card-last4
  Scenario: The last four digits of the card are told as they are
    Given an eligible card
    When the card is enrolled
    Then the last four digits of the card are told as they are

  # One for each network, or whoever calls every card the same would be right with half of them.
  @id:enrolment.network @clause:enrolment.network @source:Enroll-Network-Token @level:must @cap:network-told @cap:card.visa
  Scenario: The network that is told is the card's
    Given an eligible Visa card
    When the card is enrolled
    Then the network that is told is the card's

  @id:enrolment.network-mastercard @clause:enrolment.network @source:Enroll-Network-Token @level:must @cap:network-told @cap:card.mastercard
  Scenario: The network that is told is the card's, of Mastercard
    Given an eligible Mastercard card
    When the card is enrolled
    Then the network that is told is the card's

  @id:enrolment.other-merchant @clause:enrolment.other-merchant @source:EMVCo-payment-tokenisation @level:must @cap:other-merchant @cap:access @cap:token-number
  Scenario: Two merchants have two tokens for one card
    Given an enrolled card
    When another merchant enrols the same card
    Then the token is active
    And the two cards have different tokens

  @id:enrolment.par-form @clause:enrolment.par-form @source:EMVCo-payment-account-reference @level:should @cap:par
  Scenario: An account reference is 29 capitals and digits
    Given an eligible card
    When the card is enrolled
    Then the account reference is 29 capitals and digits
