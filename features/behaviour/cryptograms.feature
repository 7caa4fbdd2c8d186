Feature: Cryptograms
  A payment that the cardholder starts carries a cryptogram: proof that the token is used by the merchant it was issued to,
  once. The long form goes where a payment API has a field for it, the short form where only a card form is to be had.

  @id:cryptograms.long @clause:cryptograms.long @source:Provision-Network-Tokens-for-Payments @level:must @cap:cryptogram-long
  Scenario: An active token gets a long cryptogram
    Given an enrolled card
    When a long cryptogram is requested
    Then a long cryptogram is issued
    And it names the token of the card

  @id:cryptograms.indicator @clause:cryptograms.indicator @source:Provision-Network-Tokens-for-Payments @level:must @cap:cryptogram-long @cap:eci
  Scenario: A long cryptogram comes with the indicator to send along
    Given an enrolled card
    When a long cryptogram is requested
    Then a long cryptogram is issued
    And it comes with an indicator of two digits

  @id:cryptograms.mastercard @clause:cryptograms.mastercard @source:Provision-Network-Tokens-for-Payments @level:must @cap:cryptogram-long @cap:card.mastercard
  Scenario: A Mastercard token gets a long cryptogram too
    Given an enrolled Mastercard card
    When a long cryptogram is requested
    Then a long cryptogram is issued

  @id:cryptograms.mastercard-indicator @clause:cryptograms.mastercard-indicator @source:Provision-Network-Tokens-for-Payments @level:must @cap:cryptogram-long @cap:eci @cap:card.mastercard
  Scenario: A cryptogram of a Mastercard token comes with an indicator too
    Given an enrolled Mastercard card
    When a long cryptogram is requested
    Then a long cryptogram is issued
    And it comes with an indicator of two digits

  @id:cryptograms.short @clause:cryptograms.short @source:Provision-Network-Tokens-for-Payments @level:must @cap:cryptogram-short @cap:card.visa
  Scenario: A token gets a short cryptogram that fits where a security code does
    Given an enrolled Visa card
    When a short cryptogram is requested
    Then a short cryptogram of three digits is issued
    And it names the token of the card

  @id:cryptograms.fresh @clause:cryptograms.fresh @source:Provision-Network-Tokens-for-Payments @level:must @cap:cryptogram-long
  Scenario: Each payment gets a cryptogram of its own
    Given an enrolled card
    And a long cryptogram has been issued
    When a long cryptogram is requested
    Then a long cryptogram is issued
    And it differs from the one before

  @id:cryptograms.amount @clause:cryptograms.amount @source:CMP-network-tokens @level:must @cap:cryptogram-long
  Scenario: A cryptogram can be asked for an amount without minor units
    Given an enrolled card
    When a long cryptogram is requested for 1200.0 JPY
    Then a long cryptogram is issued

  @id:cryptograms.no-token @clause:cryptograms.no-token @source:CMP-errors @level:must @negative @cap:cryptogram-long @cap:store @cap:cryptogram-by-card
  Scenario: A card without a token gets no cryptogram
    Given an eligible card
    When a long cryptogram is requested
    Then the cryptogram is refused because the token cannot be used

  @id:cryptograms.suspended @clause:cryptograms.suspended @source:CMP-errors @level:must @negative @cap:cryptogram-long @cap:event-suspend
  Scenario: A suspended token gets no cryptogram
    Given an enrolled card
    And a long cryptogram has been issued
    And the issuer has suspended the token
    When a long cryptogram is requested
    Then the cryptogram is refused because the token cannot be used

  @id:cryptograms.suspended-short @clause:cryptograms.suspended-short @source:CMP-errors @level:must @negative @cap:cryptogram-short @cap:event-suspend @cap:card.visa
  Scenario: A suspended token gets no short cryptogram either
    Given an enrolled Visa card
    And a short cryptogram has been issued
    And the issuer has suspended the token
    When a short cryptogram is requested
    Then the cryptogram is refused because the token cannot be used

  @id:cryptograms.resumed @clause:cryptograms.resumed @source:CMP-network-token-events @level:must @cap:cryptogram-long @cap:event-suspend @cap:event-resume
  Scenario: A resumed token gets cryptograms again
    Given an enrolled card
    And the issuer has suspended the token
    And the issuer has resumed the token
    When a long cryptogram is requested
    Then a long cryptogram is issued
    And it names the token of the card

  @id:cryptograms.merchant-suspended @clause:cryptograms.merchant-suspended @source:EMVCo-payment-tokenisation @level:must @negative @cap:cryptogram-long @cap:suspend
  Scenario: A token that the merchant suspended gets no cryptogram
    Given an enrolled card
    And a long cryptogram has been issued
    And the merchant has suspended the token
    When a long cryptogram is requested
    Then the cryptogram is refused because the token cannot be used

  @id:cryptograms.merchant-resumed @clause:cryptograms.merchant-resumed @source:EMVCo-payment-tokenisation @level:must @cap:cryptogram-long @cap:suspend @cap:resume
  Scenario: A token that the merchant suspended and resumed gets cryptograms again
    Given an enrolled card
    And the merchant has suspended the token
    And the merchant has resumed the token
    When a long cryptogram is requested
    Then a long cryptogram is issued
    And it names the token of the card

  @id:cryptograms.card-replaced @clause:cryptograms.card-replaced @source:CMP-network-token-events @level:must @cap:cryptogram-long @cap:event-card
  Scenario: A token goes on paying after the card behind it was replaced
    Given an enrolled card
    When the network replaces the card number behind the token
    Then a long cryptogram can be issued
    And it names the token of the card

  @id:cryptograms.deleted @clause:cryptograms.deleted @source:CMP-errors @level:must @negative @cap:cryptogram-long @cap:delete
  Scenario: A deleted token gets no cryptogram
    Given an enrolled card
    And a long cryptogram has been issued
    And the merchant has deleted the token
    When a long cryptogram is requested
    Then the cryptogram is refused because the token cannot be used

  @id:cryptograms.failed @clause:cryptograms.failed @source:CMP-errors @level:must @negative @cap:cryptogram-long @cap:card.card-not-allowed
  Scenario: A card whose enrolment failed gets no cryptogram
    Given an enrolled card
    And another card that the network does not allow
    And the enrolment of the other card has failed
    When a long cryptogram is requested for the other card
    Then the cryptogram is refused because the token cannot be used

  @id:cryptograms.deleted-short @clause:cryptograms.deleted-short @source:CMP-errors @level:must @negative @cap:cryptogram-short @cap:delete @cap:card.visa
  Scenario: A deleted token gets no short cryptogram either
    Given an enrolled Visa card
    And a short cryptogram has been issued
    And the merchant has deleted the token
    When a short cryptogram is requested
    Then the cryptogram is refused because the token cannot be used

  @id:cryptograms.fresh-mastercard @clause:cryptograms.fresh-mastercard @source:Provision-Network-Tokens-for-Payments @level:must @cap:cryptogram-long @cap:card.mastercard
  Scenario: Each payment with a Mastercard token gets a cryptogram of its own
    Given an enrolled Mastercard card
    And a long cryptogram has been issued
    When a long cryptogram is requested
    Then a long cryptogram is issued
    And it differs from the one before
