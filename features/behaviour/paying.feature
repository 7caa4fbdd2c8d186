Feature: Paying with a token
  A token is worth what it buys. The customer pays with token and cryptogram, once per cryptogram; the merchant charges the
  token on file by quoting that payment; and nobody pays with a token that is suspended, stolen or somebody else's. Each
  scenario runs over every way of getting a token and every payment service at which it can be spent.

  @id:paying.long @clause:paying.long @source:Provision-Network-Tokens-for-Payments @level:must @cap:pay-long
  Scenario: The customer pays with token and long cryptogram
    Given an enrolled card
    When the customer pays with a long cryptogram
    Then the payment is approved
    And it has a network transaction id

  @id:paying.long-mastercard @clause:paying.long-mastercard @source:Provision-Network-Tokens-for-Payments @level:must @cap:pay-long @cap:card.mastercard
  Scenario: The customer pays with a Mastercard token, which begins a series
    Given an enrolled Mastercard card
    When the customer pays with a long cryptogram
    Then the payment is approved
    And it has a network transaction id
    And it has a transaction link id

  @id:paying.long-again @clause:paying.long-again @source:EMVCo-payment-tokenisation @level:must @negative @cap:pay-long
  Scenario: A long cryptogram pays once
    Given an enrolled card
    And the customer has paid with a long cryptogram
    When the customer pays with the same long cryptogram again
    Then the payment is refused

  @id:paying.long-anew @clause:paying.long-anew @source:EMVCo-payment-tokenisation @level:must @cap:pay-long
  Scenario: The next payment takes the next cryptogram
    Given an enrolled card
    And the customer has paid with a long cryptogram
    When the customer pays with a long cryptogram
    Then the payment is approved

  @id:paying.short @clause:paying.short @source:Provision-Network-Tokens-for-Payments @level:must @cap:pay-short @cap:cryptogram-short @cap:card.visa
  Scenario: The customer pays where only cards are known, with a short cryptogram as the security code
    Given an enrolled Visa card
    When the customer pays with a short cryptogram
    Then the payment is approved
    And it has a network transaction id

  @id:paying.short-again @clause:paying.short-again @source:Provision-Network-Tokens-for-Payments @level:must @negative @cap:pay-short @cap:cryptogram-short @cap:card.visa
  Scenario: A short cryptogram pays once
    Given an enrolled Visa card
    And the customer has paid with a short cryptogram
    When the customer pays with the same short cryptogram again
    Then the payment is refused

  @id:paying.without @clause:paying.without @source:Provision-Network-Tokens-for-Payments @level:must @negative @cap:pay-long
  Scenario: A payment that the customer starts needs a cryptogram
    Given an enrolled card
    And the customer has paid with a long cryptogram
    When the customer pays without a cryptogram
    Then the payment is refused by the network or before it is asked

  @id:paying.of-another-card @clause:paying.of-another-card @source:EMVCo-payment-tokenisation @level:must @negative @cap:pay-long
  Scenario: A cryptogram pays with the token it was issued for and no other
    Given an enrolled card
    And another enrolled card
    And the customer has paid with a long cryptogram
    When the customer pays with the long cryptogram of the other card
    Then the payment is refused

  @id:paying.expiry @clause:paying.expiry @source:EMVCo-payment-tokenisation @level:must @negative @cap:pay-long
  Scenario: The expiry to pay with is the token's
    Given an enrolled card
    And the customer has paid with a long cryptogram
    When the customer pays with an expiry that is not the token's
    Then the payment is refused

  @id:paying.elsewhere @clause:paying.elsewhere @source:EMVCo-payment-tokenisation @level:must @negative @cap:pay-elsewhere
  Scenario: A token pays only the merchant for whom it was issued
    Given an enrolled card
    And the customer has paid with a long cryptogram
    When the customer pays at another merchant
    Then the payment is refused

  @id:paying.less @clause:paying.less @source:CMP-network-tokens @level:must @cap:pay-long @cap:cryptogram-amount
  Scenario: A cryptogram issued for an amount pays less
    Given an enrolled card
    When the customer pays 9.99 EUR with a long cryptogram issued for 10.00 EUR
    Then the payment is approved

  @id:paying.more @clause:paying.more @source:CMP-network-tokens @level:must @negative @cap:pay-long @cap:cryptogram-amount
  Scenario: A cryptogram issued for an amount pays no more
    Given an enrolled card
    And the customer has paid with a long cryptogram
    When the customer pays 10.01 EUR with a long cryptogram issued for 10.00 EUR
    Then the payment is refused

  @id:paying.currency @clause:paying.currency @source:CMP-network-tokens @level:must @negative @cap:pay-long @cap:cryptogram-amount
  Scenario: A cryptogram issued for a currency pays in no other
    Given an enrolled card
    And the customer has paid with a long cryptogram
    When the customer pays 10.00 USD with a long cryptogram issued for 10.00 EUR
    Then the payment is refused

  @id:paying.suspended @clause:paying.suspended @source:CMP-network-token-events @level:must @negative @cap:pay-long @cap:event-suspend
  Scenario: A suspended token pays nothing, whatever cryptogram it has
    Given an enrolled card
    And the customer has paid with a long cryptogram
    And a long cryptogram has been issued
    And the issuer has suspended the token
    When the customer pays with the cryptogram in hand
    Then the payment is refused

  @id:paying.resumed @clause:paying.resumed @source:CMP-network-token-events @level:must @cap:pay-long @cap:event-suspend @cap:event-resume
  Scenario: A resumed token pays again
    Given an enrolled card
    And the issuer has suspended the token
    And the issuer has resumed the token
    When the customer pays with a long cryptogram
    Then the payment is approved

  @id:paying.deleted @clause:paying.deleted @source:CMP-network-token-events @level:must @negative @cap:pay-long @cap:event-delete
  Scenario: A deleted token pays nothing
    Given an enrolled card
    And the customer has paid with a long cryptogram
    And a long cryptogram has been issued
    And the network has deleted the token
    When the customer pays with the cryptogram in hand
    Then the payment is refused

  @id:paying.card-replaced @clause:paying.card-replaced @source:CMP-network-token-events @level:must @cap:pay-stored @cap:event-card
  Scenario: A token goes on paying after the card behind it was replaced
    Given an enrolled card
    And the customer has paid with a long cryptogram
    When the network replaces the card number behind the token
    And the merchant charges the token on file
    Then the payment is approved

  @id:paying.yen @clause:paying.yen @source:ISO-4217-minor-units @level:must @cap:pay-long @cap:cryptogram-amount
  Scenario: An amount in yen has no minor units
    Given an enrolled card
    When the customer pays 1200.0 JPY with a long cryptogram issued for 1200.0 JPY
    Then the payment is approved

  @id:paying.yen-more @clause:paying.yen-more @source:ISO-4217-minor-units @level:must @negative @cap:pay-long @cap:cryptogram-amount
  Scenario: A cryptogram for yen pays not one yen more
    Given an enrolled card
    And the customer has paid with a long cryptogram
    When the customer pays 1201.0 JPY with a long cryptogram issued for 1200.0 JPY
    Then the payment is refused

  @id:paying.amount-told @clause:paying.amount-told @source:ISO-4217-minor-units @level:must @cap:pay-long @cap:paid-amount
  Scenario: The answer tells the amount that was paid
    Given an enrolled card
    When the customer pays 12.50 EUR
    Then the payment is approved
    And the answer tells the amount in whole minor units

  @id:paying.amount-told-yen @clause:paying.amount-told-yen @source:ISO-4217-minor-units @level:must @cap:pay-long @cap:paid-amount
  Scenario: The answer tells an amount in yen
    Given an enrolled card
    When the customer pays 1200.0 JPY
    Then the payment is approved
    And the answer tells the amount in whole minor units

  @id:paying.nothing @clause:paying.nothing @source:payment-services @level:must @negative @cap:pay-long @cap:zero-refused
  Scenario: Nothing at all is not paid
    Given an enrolled card
    And the customer has paid with a long cryptogram
    When the customer pays 0.0 EUR
    Then the payment is refused

  @id:paying.negative @clause:paying.negative @source:payment-services @level:must @negative @cap:pay-long
  Scenario: Less than nothing is not paid
    Given an enrolled card
    And the customer has paid with a long cryptogram
    When the customer pays -5.0 EUR
    Then the payment is refused

  @id:paying.invented @clause:paying.invented @source:EMVCo-payment-tokenisation @level:must @negative @cap:pay-long
  Scenario: A cryptogram that was never issued pays nothing
    Given an enrolled card
    And the customer has paid with a long cryptogram
    When the customer pays with a long cryptogram that was never issued
    Then the payment is refused

  @id:paying.late @clause:paying.late @source:EMVCo-payment-tokenisation @level:must @negative @cap:pay-long @cap:cryptogram-life @cap:clock
  Scenario: A cryptogram pays nothing after its life
    Given an enrolled card
    And the customer has paid with a long cryptogram
    And a long cryptogram has been issued
    And the life of the cryptogram has passed
    When the customer pays with the cryptogram in hand
    Then the payment is refused

  @id:paying.expired @clause:paying.expired @source:EMVCo-payment-tokenisation @level:must @negative @cap:pay-long @cap:event-expiry
  Scenario: A token past its month pays nothing
    Given an enrolled card
    And the customer has paid with a long cryptogram
    And a long cryptogram has been issued
    And the token's month has passed
    When the customer pays with the cryptogram in hand and the month that has passed
    Then the payment is refused

  @id:paying.issuer-declines @clause:paying.issuer-declines @source:payment-services @level:must @negative @cap:pay-long @cap:event-decline
  Scenario: A payment that the issuer declines is told so
    Given an enrolled card
    And the customer has paid with a long cryptogram
    And the issuer declines the next payment
    When the customer pays with a long cryptogram
    Then the payment is refused

  @id:paying.again-mastercard @clause:paying.again-mastercard @source:EMVCo-payment-tokenisation @level:must @negative @cap:pay-long @cap:card.mastercard
  Scenario: A long cryptogram of a Mastercard token pays once
    Given an enrolled Mastercard card
    And the customer has paid with a long cryptogram
    When the customer pays with the same long cryptogram again
    Then the payment is refused

  @id:paying.short-of-another-card @clause:paying.short-of-another-card @source:EMVCo-payment-tokenisation @level:must @negative @cap:pay-short @cap:cryptogram-short @cap:card.visa
  Scenario: A short cryptogram pays with the token it was issued for and no other
    Given an enrolled Visa card
    And another enrolled card
    And the customer has paid with a short cryptogram
    When the customer pays with the short cryptogram of the other card
    Then the payment is refused

  @id:paying.short-suspended @clause:paying.short-suspended @source:CMP-network-token-events @level:must @negative @cap:pay-short @cap:cryptogram-short @cap:event-suspend @cap:card.visa
  Scenario: A suspended token pays nothing with a short cryptogram either
    Given an enrolled Visa card
    And the customer has paid with a short cryptogram
    And a short cryptogram has been issued
    And the issuer has suspended the token
    When the customer pays with the short cryptogram in hand
    Then the payment is refused

  @id:paying.later-suspended @clause:paying.later-suspended @source:CMP-network-token-events @level:must @negative @cap:pay-long @cap:pay-later @cap:event-suspend
  Scenario: Nothing is authorized with a suspended token, even for later
    Given an enrolled card
    And the customer has paid with a long cryptogram
    And a long cryptogram has been issued
    And the issuer has suspended the token
    When the customer authorizes with the cryptogram in hand what is captured later
    Then the payment is refused

  @id:paying.later-again @clause:paying.later-again @source:EMVCo-payment-tokenisation @level:must @negative @cap:pay-long @cap:pay-later
  Scenario: A cryptogram that has paid authorizes nothing for later
    Given an enrolled card
    And the customer has paid with a long cryptogram
    When the customer authorizes with the cryptogram in hand what is captured later
    Then the payment is refused

  @id:paying.read @clause:paying.read @source:payment-services @level:must @cap:pay-long @cap:read-payment
  Scenario: A payment reads as it was told
    Given an enrolled card
    When the customer pays with a long cryptogram
    Then the payment is approved
    And the payment reads as it was told

  @id:paying.no-currency @clause:paying.no-currency @source:payment-services @level:must @negative @cap:pay-long @cap:paid-currency
  Scenario: Nothing is paid in a currency that there is not
    Given an enrolled card
    And the customer has paid with a long cryptogram
    When the customer pays in a currency that there is not
    Then the payment is refused

  @id:paying.amount-told-dinar @clause:paying.amount-told-dinar @source:ISO-4217-minor-units @level:must @cap:pay-long @cap:paid-amount @cap:three-decimals
  Scenario: The answer tells an amount in a currency of three decimals
    Given an enrolled card
    When the customer pays 12.345 KWD
    Then the payment is approved
    And the answer tells the amount in whole minor units

  @id:paying.authorized-again @clause:paying.authorized-again @source:EMVCo-payment-tokenisation @level:must @negative @cap:pay-long @cap:pay-later
  Scenario: A cryptogram that has authorized for later pays nothing
    Given an enrolled card
    And the customer has authorized a payment of 12.50 EUR that is captured later
    When the customer pays with the same long cryptogram again
    Then the payment is refused

  @id:paying.later-more @clause:paying.later-more @source:CMP-network-tokens @level:must @negative @cap:pay-long @cap:pay-later @cap:cryptogram-amount
  Scenario: A cryptogram issued for an amount authorizes no more for later
    Given an enrolled card
    And the customer has paid with a long cryptogram
    When the customer authorizes 10.01 EUR for later with a long cryptogram issued for 10.00 EUR
    Then the payment is refused

  @id:paying.amount-told-cents @clause:paying.amount-told-cents @source:ISO-4217-minor-units @level:must @cap:pay-long @cap:paid-amount
  Scenario: The answer tells an amount that has no exact binary fraction
    Given an enrolled card
    When the customer pays 4.35 EUR
    Then the payment is approved
    And the answer tells the amount in whole minor units

  @id:paying.merchant-suspended @clause:paying.merchant-suspended @source:EMVCo-payment-tokenisation @level:must @negative @cap:pay-long @cap:suspend
  Scenario: A token that the merchant suspended pays nothing
    Given an enrolled card
    And the customer has paid with a long cryptogram
    And a long cryptogram has been issued
    And the merchant has suspended the token
    When the customer pays with the cryptogram in hand
    Then the payment is refused

  @id:paying.merchant-resumed @clause:paying.merchant-resumed @source:EMVCo-payment-tokenisation @level:must @cap:pay-long @cap:suspend @cap:resume
  Scenario: A token that the merchant suspended and resumed pays again
    Given an enrolled card
    And the merchant has suspended the token
    And the merchant has resumed the token
    When the customer pays with a long cryptogram
    Then the payment is approved

  @id:paying.merchant-deleted @clause:paying.merchant-deleted @source:CMP-network-tokens @level:must @negative @cap:pay-long @cap:delete
  Scenario: A token that the merchant deleted pays nothing
    Given an enrolled card
    And the customer has paid with a long cryptogram
    And a long cryptogram has been issued
    And the merchant has deleted the token
    When the customer pays with the cryptogram in hand
    Then the payment is refused

  @id:paying.short-deleted @clause:paying.short-deleted @source:CMP-network-tokens @level:must @negative @cap:pay-short @cap:cryptogram-short @cap:delete @cap:card.visa
  Scenario: A deleted token pays nothing with a short cryptogram either
    Given an enrolled Visa card
    And the customer has paid with a short cryptogram
    And a short cryptogram has been issued
    And the merchant has deleted the token
    When the customer pays with the short cryptogram in hand
    Then the payment is refused

  @id:paying.short-late @clause:paying.short-late @source:EMVCo-payment-tokenisation @level:must @negative @cap:pay-short @cap:cryptogram-short @cap:cryptogram-life @cap:clock @cap:card.visa
  Scenario: A short cryptogram pays nothing after its life either
    Given an enrolled Visa card
    And the customer has paid with a short cryptogram
    And a short cryptogram has been issued
    And the life of the cryptogram has passed
    When the customer pays with the short cryptogram in hand
    Then the payment is refused

  @id:paying.amount-told-dollars @clause:paying.amount-told-dollars @source:ISO-4217-minor-units @level:must @cap:pay-long @cap:paid-amount
  Scenario: The answer tells an amount in dollars that has no exact binary fraction
    Given an enrolled card
    When the customer pays 19.99 USD
    Then the payment is approved
    And the answer tells the amount in whole minor units

  @id:paying.amount-told-pounds @clause:paying.amount-told-pounds @source:ISO-4217-minor-units @level:must @cap:pay-long @cap:paid-amount
  Scenario: The answer tells an amount in pounds that has no exact binary fraction
    Given an enrolled card
    When the customer pays 1.15 GBP
    Then the payment is approved
    And the answer tells the amount in whole minor units
