Feature: Charging a token on file
  Once the customer has paid, the merchant may charge the token again without the customer. Such a payment carries no
  cryptogram; it quotes the network's id of the payment that began the series.

  @id:charging.quoted @clause:charging.quoted @source:Provision-Network-Tokens-for-Payments @level:must @cap:pay-stored
  Scenario: The merchant charges the token by quoting the customer's payment
    Given an enrolled card
    And the customer has paid with a long cryptogram
    When the merchant charges the token on file
    Then the payment is approved
    And it has a network transaction id

  @id:charging.mastercard @clause:charging.mastercard @source:Mastercard-transaction-link-id @level:must @cap:pay-stored @cap:card.mastercard
  Scenario: A Mastercard series is quoted by its link as well
    Given an enrolled Mastercard card
    And the customer has paid with a long cryptogram
    When the merchant charges the token on file
    Then the payment is approved
    And it has a transaction link id

  @id:charging.twice @clause:charging.twice @source:Provision-Network-Tokens-for-Payments @level:must @cap:pay-stored
  Scenario: A series has any number of payments
    Given an enrolled card
    And the customer has paid with a long cryptogram
    And the merchant has charged the token on file
    When the merchant charges the token on file
    Then the payment is approved

  @id:charging.unquoted @clause:charging.unquoted @source:Provision-Network-Tokens-for-Payments @level:must @negative @cap:pay-stored
  Scenario: The merchant must quote a payment
    Given an enrolled card
    And the customer has paid with a long cryptogram
    When the merchant charges the token on file and quotes no payment
    Then the payment is refused by the network or before it is asked

  @id:charging.foreign @clause:charging.foreign @source:Provision-Network-Tokens-for-Payments @level:must @negative @cap:pay-stored
  Scenario: The payment that is quoted must be the same account's
    Given an enrolled card
    And another enrolled card
    And the customer has paid with a long cryptogram
    And the customer has paid with a long cryptogram of the other card
    When the merchant charges the token on file and quotes the payment of the other card
    Then the payment is refused

  @id:charging.suspended @clause:charging.suspended @source:CMP-network-token-events @level:must @negative @cap:pay-stored @cap:event-suspend
  Scenario: A suspended token cannot be charged
    Given an enrolled card
    And the customer has paid with a long cryptogram
    And the issuer has suspended the token
    When the merchant charges the token on file
    Then the payment is refused

  @id:charging.short @clause:charging.short @source:Provision-Network-Tokens-for-Payments @level:must @cap:pay-stored @cap:pay-short @cap:cryptogram-short @cap:card.visa
  Scenario: A payment with a short cryptogram can begin a series
    Given an enrolled Visa card
    And the customer has paid with a short cryptogram
    When the merchant charges the token on file
    Then the payment is approved

  @id:charging.invented @clause:charging.invented @source:Provision-Network-Tokens-for-Payments @level:must @negative @cap:pay-stored
  Scenario: The payment that is quoted must have taken place
    Given an enrolled card
    And the customer has paid with a long cryptogram
    When the merchant charges the token on file and quotes a payment that never was
    Then the payment is refused

  @id:charging.of-refused @clause:charging.of-refused @source:Provision-Network-Tokens-for-Payments @level:must @negative @cap:pay-stored @cap:event-decline
  Scenario: The payment that is quoted must have been approved
    Given an enrolled card
    And the customer has paid with a long cryptogram
    And the issuer declines the next payment
    When the merchant charges the token on file and quotes a payment that was refused
    Then the payment is refused

  @id:charging.foreign-link @clause:charging.foreign-link @source:Mastercard-transaction-link-id @level:must @negative @cap:pay-stored @cap:link-checked @cap:card.mastercard
  Scenario: The link that is quoted belongs to the payment that is quoted
    Given an enrolled Mastercard card
    And another enrolled card
    And the customer has paid with a long cryptogram
    And the customer has paid with a long cryptogram of the other card
    When the merchant charges the token on file and quotes the link of the other card
    Then the payment is refused

  @id:charging.deleted @clause:charging.deleted @source:CMP-network-token-events @level:must @negative @cap:pay-stored @cap:event-delete
  Scenario: A deleted token cannot be charged
    Given an enrolled card
    And the customer has paid with a long cryptogram
    And the network has deleted the token
    When the merchant charges the token on file
    Then the payment is refused

  @id:charging.expired @clause:charging.expired @source:EMVCo-payment-tokenisation @level:must @negative @cap:pay-stored @cap:event-expiry
  Scenario: A token past its month cannot be charged
    Given an enrolled card
    And the customer has paid with a long cryptogram
    And the token's month has passed
    When the merchant charges the token on file with the month that has passed
    Then the payment is refused

  @id:charging.elsewhere @clause:charging.elsewhere @source:EMVCo-payment-tokenisation @level:must @negative @cap:pay-stored @cap:other-merchant @cap:access
  Scenario: Another merchant does not charge the token on file
    Given an enrolled card
    And the customer has paid with a long cryptogram
    When another merchant charges the token on file
    Then the payment is refused

  @id:charging.declined @clause:charging.declined @source:payment-services @level:must @negative @cap:pay-stored @cap:event-decline
  Scenario: A charge that the issuer declines is told so
    Given an enrolled card
    And the customer has paid with a long cryptogram
    And the issuer declines the next payment
    When the merchant charges the token on file
    Then the payment is refused
