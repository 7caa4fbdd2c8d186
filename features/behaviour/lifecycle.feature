Feature: The life of a token
  Network and issuer suspend, resume and delete tokens behind the merchant's back, and the merchant deletes them when a
  card is removed. What the merchant reads must be what is so.

  @id:lifecycle.read @clause:lifecycle.read @source:CMP-network-tokens @level:must @cap:read
  Scenario: A token reads as it was told at enrolment
    Given an enrolled card
    When the token is read
    Then the request succeeds
    And the token is active
    And it is the same token as before

  @id:lifecycle.suspended-by-issuer @clause:lifecycle.suspended-by-issuer @source:Enroll-Network-Token @level:must @cap:read @cap:event-suspend
  Scenario: A token that the issuer suspends reads as suspended
    Given an enrolled card
    When the issuer suspends the token
    Then the token reads as suspended
    And it is the same token as before

  @id:lifecycle.suspended-by-network @clause:lifecycle.suspended-by-network @source:Enroll-Network-Token @level:must @cap:read @cap:event-suspend
  Scenario: A token that the network suspends reads as suspended
    Given an enrolled card
    When the network suspends the token
    Then the token reads as suspended

  @id:lifecycle.resumed @clause:lifecycle.resumed @source:Enroll-Network-Token @level:must @cap:read @cap:event-suspend @cap:event-resume
  Scenario: A token that is resumed reads as active
    Given an enrolled card
    And the issuer has suspended the token
    When the issuer resumes the token
    Then the token reads as active
    And it is the same token as before

  @id:lifecycle.deleted-by-network @clause:lifecycle.deleted-by-network @source:CMP-network-token-events @level:must @cap:read @cap:event-delete
  Scenario: A token that the network deletes is gone
    Given an enrolled card
    When the network deletes the token
    Then the token is gone

  @id:lifecycle.deleted-by-merchant @clause:lifecycle.deleted-by-merchant @source:CMP-network-tokens @level:must @cap:read @cap:delete
  Scenario: A token that the merchant deletes is gone
    Given an enrolled card
    When the merchant deletes the token
    Then the request succeeds
    And the token is gone

  @id:lifecycle.deleted-while-suspended @clause:lifecycle.deleted-while-suspended @source:CMP-network-tokens @level:must @cap:read @cap:delete @cap:event-suspend
  Scenario: A suspended token can be deleted
    Given an enrolled card
    And the issuer has suspended the token
    When the merchant deletes the token
    Then the request succeeds
    And the token is gone

  @id:lifecycle.deleted-twice @clause:lifecycle.deleted-twice @source:CMP-network-tokens @level:must @cap:read @cap:delete
  Scenario: A token that is deleted again stays deleted
    Given an enrolled card
    And the merchant has deleted the token
    When the merchant deletes the token
    Then nothing is left to delete
    And the token is gone

  @id:lifecycle.enrolled-anew @clause:lifecycle.enrolled-anew @source:CMP-network-tokens @level:must @cap:delete
  Scenario: A card whose token was deleted can be enrolled anew
    Given an enrolled card
    And the merchant has deleted the token
    When the card is enrolled again
    Then the request succeeds
    And the token is active

  @id:lifecycle.others-untouched @clause:lifecycle.others-untouched @source:EMVCo-payment-tokenisation @level:must @cap:read @cap:event-suspend
  Scenario: Suspending one token leaves another alone
    Given an enrolled card
    And another enrolled card
    When the issuer suspends the token
    Then the token of the card reads as suspended
    And the token of the other card reads as active

  @id:lifecycle.others-undeleted @clause:lifecycle.others-undeleted @source:EMVCo-payment-tokenisation @level:must @cap:read @cap:delete
  Scenario: Deleting one token leaves another alone
    Given an enrolled card
    And another enrolled card
    When the merchant deletes the token
    Then the token of the other card reads as active

  @id:lifecycle.expiry-moved @clause:lifecycle.expiry-moved @source:CMP-network-token-events @level:must @cap:read @cap:event-expiry @cap:token-expiry
  Scenario: The network moves a token's expiry and the token stays the same
    Given an enrolled card
    When the network moves the token's expiry to month 7 of 2033
    Then the token expires in month 7 of 2033
    And the token is active
    And it is the same token as before

  @id:lifecycle.card-replaced @clause:lifecycle.card-replaced @source:CMP-network-token-events @level:must @cap:read @cap:event-card
  Scenario: A replaced card keeps its token
    Given an enrolled card
    When the network replaces the card number behind the token
    Then the token reads as active
    And it is the same token as before

  @id:lifecycle.stays-deleted @clause:lifecycle.stays-deleted @source:EMVCo-payment-tokenisation @level:must @cap:read @cap:event-delete @cap:event-resume
  Scenario: A deleted token is not revived
    Given an enrolled card
    And the network has deleted the token
    When the issuer tries to resume the token
    Then the token is gone

  @id:lifecycle.stays-deleted-suspend @clause:lifecycle.stays-deleted-suspend @source:EMVCo-payment-tokenisation @level:must @cap:read @cap:delete @cap:event-suspend
  Scenario: A deleted token is not suspended either
    Given an enrolled card
    And the merchant has deleted the token
    When the issuer tries to suspend the token
    Then the token is gone

  @id:lifecycle.merchant-suspends @clause:lifecycle.merchant-suspends @source:EMVCo-payment-tokenisation @level:must @cap:read @cap:suspend
  Scenario: A token that the merchant suspends reads as suspended
    Given an enrolled card
    When the merchant suspends the token
    Then the request succeeds
    And the token reads as suspended

  @id:lifecycle.merchant-resumes @clause:lifecycle.merchant-resumes @source:EMVCo-payment-tokenisation @level:must @cap:read @cap:suspend @cap:resume
  Scenario: A token that the merchant suspends and resumes reads as active
    Given an enrolled card
    And the merchant has suspended the token
    When the merchant resumes the token
    Then the request succeeds
    And the token reads as active

  @id:lifecycle.issuer-holds @clause:lifecycle.issuer-holds @source:MDES-Digital-Enablement @level:must @cap:read @cap:event-suspend @cap:resume
  Scenario: What the issuer has suspended the merchant does not resume
    Given an enrolled card
    And the issuer has suspended the token
    When the merchant resumes the token
    Then the token reads as suspended

  @id:lifecycle.resume-deleted @clause:lifecycle.resume-deleted @source:EMVCo-payment-tokenisation @level:must @cap:read @cap:delete @cap:resume
  Scenario: The merchant does not revive a token that it has deleted
    Given an enrolled card
    And the merchant has deleted the token
    When the merchant resumes the token
    Then the token is gone

  @id:lifecycle.expired @clause:lifecycle.expired @source:EMVCo-payment-tokenisation @level:must @negative @cap:cryptogram-long @cap:event-expiry
  Scenario: A token past its month gets no cryptogram
    Given an enrolled card
    And a long cryptogram has been issued
    And the token's month has passed
    When a long cryptogram is requested
    Then the cryptogram is refused

  # No source demands it, and Mastercard brings a token back that the cardholder has deleted, within 95 days of the deletion.
  @id:lifecycle.new-number @clause:lifecycle.new-number @source:MDES-customer-service @level:should @disputed @cap:delete @cap:token-number
  Scenario: A token number that was deleted is not given out again
    Given an enrolled card
    And the merchant has deleted the token
    When the card is enrolled again
    Then the token is active
    And it is another token number than before

  @id:lifecycle.suspended-twice @clause:lifecycle.suspended-twice @source:Enroll-Network-Token @level:must @cap:read @cap:event-suspend
  Scenario: A token that is suspended again stays suspended
    Given an enrolled card
    And the issuer has suspended the token
    When the issuer tries to suspend the token
    Then the token reads as suspended

  @id:lifecycle.resumed-twice @clause:lifecycle.resumed-twice @source:Enroll-Network-Token @level:must @cap:read @cap:event-suspend @cap:event-resume
  Scenario: A token that is resumed again stays active
    Given an enrolled card
    And the issuer has suspended the token
    And the issuer has resumed the token
    When the issuer tries to resume the token
    Then the token reads as active

  @id:lifecycle.suspended-moved @clause:lifecycle.suspended-moved @source:EMVCo-payment-tokenisation @level:must @cap:read @cap:event-suspend @cap:event-expiry
  Scenario: A new expiry resumes no token
    Given an enrolled card
    And the issuer has suspended the token
    When the network moves the token's expiry to month 7 of 2033
    Then the token reads as suspended

  @id:lifecycle.suspended-replaced @clause:lifecycle.suspended-replaced @source:EMVCo-payment-tokenisation @level:must @cap:read @cap:event-suspend @cap:event-card
  Scenario: A replaced card resumes no token
    Given an enrolled card
    And the issuer has suspended the token
    When the network replaces the card number behind the token
    Then the token reads as suspended

  @id:lifecycle.deleted-suspended @clause:lifecycle.deleted-suspended @source:EMVCo-payment-tokenisation @level:must @cap:read @cap:delete @cap:event-suspend @cap:event-resume
  Scenario: A token that was deleted while it was suspended is not resumed
    Given an enrolled card
    And the issuer has suspended the token
    And the merchant has deleted the token
    When the issuer tries to resume the token
    Then the token is gone

  @id:lifecycle.others-unsuspended @clause:lifecycle.others-unsuspended @source:EMVCo-payment-tokenisation @level:must @cap:suspend @cap:read
  Scenario: A token that the merchant suspends leaves another alone
    Given an enrolled card
    And another enrolled card
    When the merchant suspends the token
    Then the token of the card reads as suspended
    And the token of the other card reads as active
