Feature: Cards that are taken off file
  A customer wants a card forgotten, and the merchant takes it off file. From then on it is in no list and no token is made of it.
  What had been made of it goes with it, unless the target says that tokens outlive their card. Other cards have nothing to do with
  it. That nobody else takes a card off file is asked with every other operation.

  @id:off-file.done @clause:off-file.done @source:CMP-cards @level:must @cap:delete-card
  Scenario: A card can be taken off file
    Given an enrolled card
    When the merchant takes the card off file
    Then the request succeeds

  @id:off-file.unlisted @clause:off-file.unlisted @source:CMP-cards @level:must @cap:delete-card @cap:list-cards
  Scenario: A card that was taken off file is not listed any more
    Given an enrolled card
    And the card is listed among those on file
    And the merchant has taken the card off file
    When the cards on file are listed
    Then the card is no longer listed

  @id:off-file.unenrolled @clause:off-file.unenrolled @source:CMP-cards @level:must @negative @cap:delete-card @cap:card-on-file
  Scenario: A card that was taken off file is not enrolled
    Given an enrolled card
    And the merchant has taken the card off file
    When the card is enrolled again
    Then the enrolment is refused

  @id:off-file.token @clause:off-file.token @source:D1-eCom-token-deletion @level:should @cap:delete-card @cap:read @cap:tokens-go-with-card
  Scenario: The token of a card that is taken off file is gone
    Given an enrolled card
    When the merchant takes the card off file
    Then the request succeeds
    And the token is gone

  @id:off-file.token-declared @clause:off-file.token-declared @source:D1-eCom-token-deletion @level:must @cap:delete-card @cap:read @cap:deleted-card-tokens
  Scenario: The token of a card that is taken off file is gone where the target says so
    Given an enrolled card
    When the merchant takes the card off file
    Then the request succeeds
    And the token is gone

  @id:off-file.cryptogram @clause:off-file.cryptogram @source:D1-eCom-token-deletion @level:should @negative @cap:delete-card @cap:cryptogram-long @cap:tokens-go-with-card
  Scenario: The token of a card that was taken off file gets no cryptogram
    Given an enrolled card
    And a long cryptogram has been issued
    And the merchant has taken the card off file
    When a long cryptogram is requested
    Then the cryptogram is refused

  @id:off-file.paying @clause:off-file.paying @source:D1-eCom-token-deletion @level:should @negative @cap:delete-card @cap:pay-long @cap:tokens-go-with-card
  Scenario: The token of a card that was taken off file pays nothing
    Given an enrolled card
    And the customer has paid with a long cryptogram
    And a long cryptogram has been issued
    And the merchant has taken the card off file
    When the customer pays with the cryptogram in hand
    Then the payment is refused

  @id:off-file.charging @clause:off-file.charging @source:D1-eCom-token-deletion @level:should @negative @cap:delete-card @cap:pay-stored @cap:tokens-go-with-card
  Scenario: The token of a card that was taken off file cannot be charged
    Given an enrolled card
    And the customer has paid with a long cryptogram
    And the merchant has taken the card off file
    When the merchant charges the token on file
    Then the payment is refused

  @id:off-file.kept @clause:off-file.kept @source:EMVCo-payment-tokenisation @level:should @cap:delete-card @cap:read @cap:tokens-outlive-card
  Scenario: A token stays where the target says that it outlives its card
    Given an enrolled card
    When the merchant takes the card off file
    Then the request succeeds
    And the token outlives its card

  @id:off-file.others @clause:off-file.others @source:EMVCo-payment-tokenisation @level:must @cap:delete-card @cap:read
  Scenario: Taking one card off file leaves the token of another alone
    Given an enrolled card
    And another enrolled card
    When the merchant takes the card off file
    Then the token of the other card reads as active

  @id:off-file.twice @clause:off-file.twice @source:CMP-cards @level:must @cap:delete-card
  Scenario: A card that is taken off file again stays off file
    Given an enrolled card
    And the merchant has taken the card off file
    When the merchant takes the card off file
    Then nothing is left to delete

  @id:off-file.unknown @clause:off-file.unknown @source:CMP-cards @level:must @negative @cap:unknown-card @cap:delete-card
  Scenario: A card that was never put on file cannot be taken off file
    Given an enrolled card
    When a card that was never put on file is taken off file
    Then it is refused as not found
