Feature: Capturing and refunding
  What was authorized is captured, perhaps in part, or taken back; what was captured is refunded. Neither goes beyond what
  was there.

  @id:settling.capture @clause:settling.capture @source:payment-services @level:must @cap:pay-later @cap:capture
  Scenario: An authorized payment is captured
    Given an enrolled card
    And the customer has authorized a payment of 12.50 EUR that is captured later
    When the merchant captures 12.50 EUR
    Then the request succeeds

  @id:settling.part @clause:settling.part @source:payment-services @level:must @cap:pay-later @cap:capture
  Scenario: A part of a payment is captured
    Given an enrolled card
    And the customer has authorized a payment of 12.50 EUR that is captured later
    When the merchant captures 10.00 EUR
    Then the request succeeds

  @id:settling.too-much @clause:settling.too-much @source:payment-services @level:must @negative @cap:pay-later @cap:capture
  Scenario: No more is captured than was authorized
    Given an enrolled card
    And the customer has authorized a payment of 12.50 EUR that is captured later
    When the merchant captures 12.51 EUR
    Then it is refused as not possible with this payment

  @id:settling.void @clause:settling.void @source:payment-services @level:must @cap:pay-later @cap:void
  Scenario: A payment is taken back before it is captured
    Given an enrolled card
    And the customer has authorized a payment of 12.50 EUR that is captured later
    When the merchant takes the payment back
    Then the request succeeds

  @id:settling.void-late @clause:settling.void-late @source:payment-services @level:must @negative @cap:pay-later @cap:void @cap:capture
  Scenario: A captured payment cannot be taken back
    Given an enrolled card
    And the customer has authorized a payment of 12.50 EUR that is captured later
    And the merchant has captured 12.50 EUR
    When the merchant takes the payment back
    Then it is refused as not possible with this payment

  @id:settling.refund @clause:settling.refund @source:payment-services @level:must @cap:pay-later @cap:capture @cap:refund
  Scenario: A part of a captured payment is refunded
    Given an enrolled card
    And the customer has authorized a payment of 12.50 EUR that is captured later
    And the merchant has captured 12.50 EUR
    When the merchant refunds 5.00 EUR
    Then the request succeeds

  @id:settling.refund-too-much @clause:settling.refund-too-much @source:payment-services @level:must @negative @cap:pay-later @cap:capture @cap:refund
  Scenario: No more is refunded than was captured
    Given an enrolled card
    And the customer has authorized a payment of 12.50 EUR that is captured later
    And the merchant has captured 10.00 EUR
    When the merchant refunds 10.01 EUR
    Then it is refused as not possible with this payment

  @id:settling.refund-together @clause:settling.refund-together @source:payment-services @level:must @negative @cap:pay-later @cap:capture @cap:refund
  Scenario: All refunds together are no more than was captured
    Given an enrolled card
    And the customer has authorized a payment of 12.50 EUR that is captured later
    And the merchant has captured 10.00 EUR
    And the merchant has refunded 6.00 EUR
    When the merchant refunds 6.00 EUR
    Then it is refused as not possible with this payment

  @id:settling.refund-early @clause:settling.refund-early @source:payment-services @level:must @negative @cap:pay-later @cap:refund
  Scenario: What was not captured is not refunded
    Given an enrolled card
    And the customer has authorized a payment of 12.50 EUR that is captured later
    When the merchant refunds 5.00 EUR of what was not captured
    Then it is refused as not possible with this payment

  @id:settling.capture-voided @clause:settling.capture-voided @source:payment-services @level:must @negative @cap:pay-later @cap:capture @cap:void
  Scenario: A payment that was taken back is not captured
    Given an enrolled card
    And the customer has authorized a payment of 12.50 EUR that is captured later
    And the merchant has taken the payment back
    When the merchant captures 12.50 EUR
    Then it is refused as not possible with this payment

  @id:settling.capture-together @clause:settling.capture-together @source:payment-services @level:must @negative @cap:pay-later @cap:capture
  Scenario: All captures together are no more than was authorized
    Given an enrolled card
    And the customer has authorized a payment of 12.50 EUR that is captured later
    And the merchant has captured 10.00 EUR
    When the merchant captures 10.00 EUR
    Then it is refused as not possible with this payment

  @id:settling.refund-voided @clause:settling.refund-voided @source:payment-services @level:must @negative @cap:pay-later @cap:void @cap:refund
  Scenario: A payment that was taken back is not refunded
    Given an enrolled card
    And the customer has authorized a payment of 12.50 EUR that is captured later
    And the merchant has taken the payment back
    When the merchant refunds 5.00 EUR
    Then it is refused as not possible with this payment

  @id:settling.capture-negative @clause:settling.capture-negative @source:payment-services @level:must @negative @cap:pay-later @cap:capture @cap:amount-captured
  Scenario: Less than nothing is not captured
    Given an enrolled card
    And the customer has authorized a payment of 12.50 EUR that is captured later
    When the merchant captures -5.00 EUR
    Then it is refused as the caller's mistake

  @id:settling.refund-negative @clause:settling.refund-negative @source:payment-services @level:must @negative @cap:pay-later @cap:capture @cap:refund @cap:amount-refunded
  Scenario: Less than nothing is not refunded
    Given an enrolled card
    And the customer has authorized a payment of 12.50 EUR that is captured later
    And the merchant has captured 12.50 EUR
    When the merchant refunds -5.00 EUR
    Then it is refused as the caller's mistake

  @id:settling.refund-currency @clause:settling.refund-currency @source:payment-services @level:must @negative @cap:pay-later @cap:capture @cap:refund @cap:currency-refunded
  Scenario: A refund is in the currency of its payment
    Given an enrolled card
    And the customer has authorized a payment of 12.50 EUR that is captured later
    And the merchant has captured 12.50 EUR
    When the merchant refunds 5.00 USD
    Then it is refused as the caller's mistake

  @id:settling.capture-declined @clause:settling.capture-declined @source:payment-services @level:must @negative @cap:pay-later @cap:capture @cap:event-decline
  Scenario: What was declined is not captured
    Given an enrolled card
    And the issuer declines the next payment
    And the customer was declined a payment of 12.50 EUR that is captured later
    When the merchant captures 12.50 EUR
    Then it is refused as the caller's mistake

  @id:settling.unknown @clause:settling.unknown @source:payment-services @level:must @negative @cap:pay-later @cap:capture
  Scenario: A payment that never was is not captured
    Given an enrolled card
    And the customer has authorized a payment of 12.50 EUR that is captured later
    When the merchant captures a payment that never was
    Then it is refused as the caller's mistake

  @id:settling.refund-parts @clause:settling.refund-parts @source:payment-services @level:should @cap:pay-later @cap:capture @cap:refund @cap:amount-refunded
  Scenario: Refunds in parts come to all that was captured
    Given an enrolled card
    And the customer has authorized a payment of 12.50 EUR that is captured later
    And the merchant has captured 10.00 EUR
    And the merchant has refunded 3.35 EUR
    When the merchant refunds 6.65 EUR
    Then the request succeeds

  @id:settling.refund-parts-over @clause:settling.refund-parts-over @source:payment-services @level:must @negative @cap:pay-later @cap:capture @cap:refund @cap:amount-refunded
  Scenario: Refunds in parts do not come to a cent more than was captured
    Given an enrolled card
    And the customer has authorized a payment of 12.50 EUR that is captured later
    And the merchant has captured 10.00 EUR
    And the merchant has refunded 3.35 EUR
    When the merchant refunds 6.66 EUR
    Then it is refused as the caller's mistake

  @id:settling.refund-again @clause:settling.refund-again @source:payment-services @level:must @negative @cap:pay-later @cap:capture @cap:refund
  Scenario: What was refunded as a whole is not refunded again
    Given an enrolled card
    And the customer has authorized a payment of 12.50 EUR that is captured later
    And the merchant has captured 12.50 EUR
    And the merchant has refunded 12.50 EUR
    When the merchant refunds 0.01 EUR
    Then it is refused as the caller's mistake

  @id:settling.capture-again @clause:settling.capture-again @source:payment-services @level:must @negative @cap:pay-later @cap:capture
  Scenario: What was captured as a whole is not captured again
    Given an enrolled card
    And the customer has authorized a payment of 12.50 EUR that is captured later
    And the merchant has captured 12.50 EUR
    When the merchant captures 12.50 EUR
    Then it is refused as the caller's mistake

  @id:settling.yen @clause:settling.yen @source:ISO-4217-minor-units @level:must @negative @cap:pay-later @cap:capture @cap:amount-captured
  Scenario: Not one yen more is captured than was authorized
    Given an enrolled card
    And the customer has authorized a payment of 1200.0 JPY that is captured later
    When the merchant captures 1201.0 JPY
    Then it is refused as the caller's mistake

  @id:settling.after-too-much @clause:settling.after-too-much @source:payment-services @level:must @cap:pay-later @cap:capture
  Scenario: A capture that was refused has taken nothing
    Given an enrolled card
    And the customer has authorized a payment of 12.50 EUR that is captured later
    When the merchant captures 12.51 EUR
    And the merchant captures 12.50 EUR
    Then the request succeeds

  @id:settling.after-refund-too-much @clause:settling.after-refund-too-much @source:payment-services @level:must @cap:pay-later @cap:capture @cap:refund
  Scenario: A refund that was refused has given nothing back
    Given an enrolled card
    And the customer has authorized a payment of 12.50 EUR that is captured later
    And the merchant has captured 10.00 EUR
    When the merchant refunds 10.01 EUR
    And the merchant refunds 10.00 EUR
    Then the request succeeds
