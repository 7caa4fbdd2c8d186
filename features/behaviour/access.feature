Feature: Who may ask
  A token is worth money to whoever can use it. Nobody gets at one without a key that was given out, and no merchant at
  another's.

  @id:access.no-key @clause:access.no-key @source:OWASP-API1-API2-2023 @level:must @negative @cap:access @cap:read
  Scenario: Nothing is told without a key
    Given an enrolled card
    When nobody reads the token
    Then access is refused

  @id:access.no-key-proof @clause:access.no-key-proof @source:OWASP-API1-API2-2023 @level:must @negative @cap:access @cap:cryptogram-long
  Scenario: No cryptogram is issued without a key
    Given an enrolled card
    When nobody asks for a long cryptogram
    Then access is refused

  @id:access.wrong-key @clause:access.wrong-key @source:OWASP-API1-API2-2023 @level:must @negative @cap:access @cap:read
  Scenario: Nothing is told to a key that was never given out
    Given an enrolled card
    When somebody with an unknown key reads the token
    Then access is refused

  @id:access.wrong-key-delete @clause:access.wrong-key-delete @source:OWASP-API1-API2-2023 @level:must @negative @cap:access @cap:delete @cap:read
  Scenario: Nothing is deleted by a key that was never given out
    Given an enrolled card
    When somebody with an unknown key deletes the token
    Then access is refused
    And the token reads as active

  @id:access.other-reads @clause:access.other-reads @source:OWASP-API1-API2-2023 @level:must @negative @cap:access @cap:other-merchant @cap:read
  Scenario: A merchant does not read another's token
    Given an enrolled card
    When another merchant reads the token
    Then access is refused

  @id:access.other-deletes @clause:access.other-deletes @source:OWASP-API1-API2-2023 @level:must @negative @cap:access @cap:other-merchant @cap:delete @cap:read
  Scenario: A merchant does not delete another's token
    Given an enrolled card
    When another merchant deletes the token
    Then access is refused
    And the token reads as active

  @id:access.other-suspends @clause:access.other-suspends @source:OWASP-API1-API2-2023 @level:must @negative @cap:access @cap:other-merchant @cap:suspend @cap:read
  Scenario: A merchant does not suspend another's token
    Given an enrolled card
    When another merchant suspends the token
    Then access is refused
    And the token reads as active

  @id:access.other-proof @clause:access.other-proof @source:OWASP-API1-API2-2023 @level:must @negative @cap:access @cap:other-merchant @cap:cryptogram-long
  Scenario: A merchant gets no cryptogram of another's token
    Given an enrolled card
    When another merchant asks for a long cryptogram
    Then access is refused

  @id:access.other-lists @clause:access.other-lists @source:OWASP-API1-API2-2023 @level:must @cap:access @cap:other-merchant @cap:list
  Scenario: A merchant's list holds none of another's tokens
    Given an enrolled card
    When another merchant lists the tokens
    Then the list of tokens does not hold the token

  @id:access.own-list @clause:access.own-list @source:OWASP-API1-API2-2023 @level:must @cap:list
  Scenario: A merchant's list holds its own tokens
    Given an enrolled card
    When the tokens are listed
    Then the list of tokens holds the token

  @id:access.other-refunds @clause:access.other-refunds @source:OWASP-API1-API2-2023 @level:must @negative @cap:access @cap:other-merchant @cap:pay-later @cap:capture @cap:refund
  Scenario: A merchant does not refund another's payment
    Given an enrolled card
    And the customer has authorized a payment of 12.50 EUR that is captured later
    And the merchant has captured 12.50 EUR
    When another merchant refunds the payment
    Then access is refused

  @id:access.other-captures @clause:access.other-captures @source:OWASP-API1-API2-2023 @level:must @negative @cap:access @cap:other-merchant @cap:pay-later @cap:capture
  Scenario: A merchant does not capture another's payment
    Given an enrolled card
    And the customer has authorized a payment of 12.50 EUR that is captured later
    When another merchant captures the payment
    Then access is refused

  @id:access.other-voids @clause:access.other-voids @source:OWASP-API1-API2-2023 @level:must @negative @cap:access @cap:other-merchant @cap:pay-later @cap:void
  Scenario: A merchant does not take back another's payment
    Given an enrolled card
    And the customer has authorized a payment of 12.50 EUR that is captured later
    When another merchant takes the payment back
    Then access is refused

  @id:access.other-reads-payment @clause:access.other-reads-payment @source:OWASP-API1-API2-2023 @level:must @negative @cap:access @cap:other-merchant @cap:pay-long @cap:read-payment
  Scenario: A merchant does not read another's payment
    Given an enrolled card
    And the customer has paid with a long cryptogram
    When another merchant reads the payment
    Then access is refused

  @id:access.no-key-enrol @clause:access.no-key-enrol @source:OWASP-API1-API2-2023 @level:must @negative @cap:access
  Scenario: No card is enrolled without a key
    Given an enrolled card
    When nobody enrols the card
    Then access is refused

  @id:access.no-key-pay @clause:access.no-key-pay @source:OWASP-API1-API2-2023 @level:must @negative @cap:access @cap:pay-long
  Scenario: Nothing is paid without a key
    Given an enrolled card
    And a long cryptogram has been issued
    When nobody pays with the cryptogram in hand
    Then access is refused

  @id:access.no-key-list @clause:access.no-key-list @source:OWASP-API1-API2-2023 @level:must @negative @cap:access @cap:list
  Scenario: No tokens are listed without a key
    Given an enrolled card
    When nobody lists the tokens
    Then access is refused

  @id:access.wrong-key-enrol @clause:access.wrong-key-enrol @source:OWASP-API1-API2-2023 @level:must @negative @cap:access
  Scenario: No card is enrolled for a key that was never given out
    Given an enrolled card
    When somebody with an unknown key enrols the card
    Then access is refused

  @id:access.wrong-key-pay @clause:access.wrong-key-pay @source:OWASP-API1-API2-2023 @level:must @negative @cap:access @cap:pay-long
  Scenario: Nothing is paid for a key that was never given out
    Given an enrolled card
    And a long cryptogram has been issued
    When somebody with an unknown key pays with the cryptogram in hand
    Then access is refused

  @id:access.wrong-key-list @clause:access.wrong-key-list @source:OWASP-API1-API2-2023 @level:must @negative @cap:access @cap:list
  Scenario: No tokens are listed for a key that was never given out
    Given an enrolled card
    When somebody with an unknown key lists the tokens
    Then access is refused

  @id:access.no-key-refund @clause:access.no-key-refund @source:OWASP-API1-API2-2023 @level:must @negative @cap:access @cap:pay-later @cap:capture @cap:refund
  Scenario: Nothing is refunded without a key
    Given an enrolled card
    And the customer has authorized a payment of 12.50 EUR that is captured later
    And the merchant has captured 12.50 EUR
    When nobody refunds the payment
    Then access is refused

  @id:access.wrong-key-proof @clause:access.wrong-key-proof @source:OWASP-API1-API2-2023 @level:must @negative @cap:access @cap:cryptogram-long
  Scenario: No cryptogram is issued for a key that was never given out
    Given an enrolled card
    When somebody with an unknown key asks for a long cryptogram
    Then access is refused

  @id:access.other-enrols @clause:access.other-enrols @source:OWASP-API1-API2-2023 @level:must @negative @cap:access @cap:other-merchant @cap:card-on-file
  Scenario: A merchant does not enrol another's card on file
    Given an enrolled card
    When another merchant enrols the card
    Then access is refused

  @id:access.other-resumes @clause:access.other-resumes @source:OWASP-API1-API2-2023 @level:must @negative @cap:access @cap:other-merchant @cap:suspend @cap:resume @cap:read
  Scenario: A merchant does not resume another's token
    Given an enrolled card
    And the merchant has suspended the token
    When another merchant resumes the token
    Then access is refused
    And the token reads as suspended

  @id:access.other-short @clause:access.other-short @source:OWASP-API1-API2-2023 @level:must @negative @cap:access @cap:other-merchant @cap:cryptogram-short @cap:card.visa
  Scenario: A merchant gets no short cryptogram of another's token
    Given an enrolled Visa card
    When another merchant asks for a short cryptogram
    Then access is refused

  @id:access.suspended-list @clause:access.suspended-list @source:OWASP-API1-API2-2023 @level:should @cap:list @cap:reference @cap:event-suspend
  Scenario: A merchant's list holds a token that is suspended
    Given an enrolled card
    And the issuer has suspended the token
    When the tokens are listed
    Then the list of tokens holds the token

  @id:access.whole-list @clause:access.whole-list @source:OWASP-API1-API2-2023 @level:must @cap:list @cap:reference
  Scenario: A merchant's list holds all of its tokens
    Given an enrolled card
    And every other eligible card is enrolled as well
    When the tokens are listed
    Then the list of tokens holds all of them
