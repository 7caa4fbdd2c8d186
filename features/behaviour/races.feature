Feature: Several at once
  Two windows, two servers, one impatient customer: the same thing is asked several times at once, and must happen once.

  @id:races.enrol @clause:races.enrol @source:EMVCo-payment-tokenisation @level:must @cap:reference @cap:same-token-again
  Scenario: One card that is enrolled many times at once has one token
    Given an eligible card
    When the card is enrolled 6 times at once
    Then all of them tell of one token

  @id:races.cryptogram @clause:races.cryptogram @source:EMVCo-payment-tokenisation @level:must @cap:pay-long
  Scenario: One cryptogram pays once, however often it is used at once
    Given an enrolled card
    When the customer pays 6 times at once with one long cryptogram
    Then one of them is approved and no other

  @id:races.capture @clause:races.capture @source:payment-services @level:must @cap:pay-later @cap:capture
  Scenario: Captures at once are no more than was authorized
    Given an enrolled card
    And the customer has authorized a payment of 12.50 EUR that is captured later
    When the merchant captures 10.00 EUR 6 times at once
    Then one of them succeeds and no other

  @id:races.refund @clause:races.refund @source:payment-services @level:must @cap:pay-later @cap:capture @cap:refund
  Scenario: Refunds at once are no more than was captured
    Given an enrolled card
    And the customer has authorized a payment of 12.50 EUR that is captured later
    And the merchant has captured 12.50 EUR
    When the merchant refunds 10.00 EUR 6 times at once
    Then one of them succeeds and no other

  @id:races.key @clause:races.key @source:IETF-idempotency-key-header @level:must @cap:pay-long @cap:idempotent-pay
  Scenario: One idempotency key that is sent many times at once has one effect
    Given an enrolled card
    When the customer pays 6 times at once under one idempotency key
    Then all of them tell of one payment

  @id:races.enrol-key @clause:races.enrol-key @source:IETF-idempotency-key-header @level:must @cap:reference @cap:idempotent-enrol
  Scenario: One idempotency key of an enrolment that is sent many times at once has one effect
    Given an eligible card
    When the card is enrolled 6 times at once under one idempotency key
    Then all of them tell of one token

  @id:races.short @clause:races.short @source:EMVCo-payment-tokenisation @level:must @cap:pay-short @cap:cryptogram-short @cap:card.visa
  Scenario: One short cryptogram pays once, however often it is used at once
    Given an enrolled Visa card
    When the customer pays 6 times at once with one short cryptogram
    Then one of them is approved and no other

  @id:races.void @clause:races.void @source:payment-services @level:must @cap:pay-later @cap:capture @cap:void
  Scenario: A payment that is captured and taken back at once is one or the other
    Given an enrolled card
    And the customer has authorized a payment of 12.50 EUR that is captured later
    When the merchant captures 12.50 EUR and takes the payment back, 3 times each at once
    Then it is either captured or taken back, and not both

  @id:races.delete @clause:races.delete @source:EMVCo-payment-tokenisation @level:must @negative @cap:delete @cap:read
  Scenario: A token that is deleted many times at once is gone
    Given an enrolled card
    When the token is deleted 6 times at once
    Then each of them succeeds or is refused
    And the token is gone

  @id:races.suspend-amid @clause:races.suspend-amid @source:EMVCo-payment-tokenisation @level:must @cap:suspend @cap:read @cap:pay-long
  Scenario: A token that is suspended while payments are under way is suspended
    Given an enrolled card
    When the merchant suspends the token while 6 payments are under way
    Then the change succeeds, and each payment is approved or declined
    And the token reads as suspended

  @id:races.suspended-amid @clause:races.suspend-amid @source:EMVCo-payment-tokenisation @level:must @cap:event-suspend @cap:read @cap:pay-long
  Scenario: A token that the issuer suspends while payments are under way is suspended
    Given an enrolled card
    When the issuer suspends the token while 6 payments are under way
    Then the change succeeds, and each payment is approved or declined
    And the token reads as suspended

  @id:races.delete-amid @clause:races.delete-amid @source:EMVCo-payment-tokenisation @level:must @cap:delete @cap:read @cap:pay-long
  Scenario: A token that is deleted while payments are under way is gone
    Given an enrolled card
    When the merchant deletes the token while 6 payments are under way
    Then the change succeeds, and each payment is approved or declined
    And the token is gone
