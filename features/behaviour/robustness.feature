Feature: Callers with bugs
  A merchant's software has bugs. What it sends wrongly is refused as its mistake, so that it can be found; it is not taken, and
  it breaks nothing.

  @id:robustness.card @clause:robustness.card @source:RFC-9110-client-error @level:must @negative @cap:access @cap:structured
  Scenario Outline: A card in a malformed request is refused: <damage>
    Given an enrolled card
    When a card is sent in a request <damage>
    Then it is refused as the caller's mistake

    Examples:
      | damage                                 |
      | that is cut off                        |
      | without a body                         |
      | without the number                     |
      | with an object as the number           |
      | with thousands of digits as the number |
      | with nothing as the number             |
      | with an empty number                   |
      | with a list as the body                |
      | with a method that there is not        |

  @id:robustness.slip @clause:robustness.slip @source:ISO-7812-and-7813 @level:must @negative @cap:access @cap:structured @cap:structured-card
  Scenario Outline: A card that cannot be is refused: <slip>
    Given an enrolled card
    When a card is sent <slip>
    Then it is refused as the caller's mistake

    Examples:
      | slip                         |
      | with a wrong check digit     |
      | with a thirteenth month      |
      | with half its number         |
      | with a letter in its number  |

  @id:robustness.expired @clause:robustness.expired @source:ISO-7812-and-7813 @level:should @negative @cap:access @cap:structured @cap:structured-card
  Scenario: A card whose month has passed is refused
    Given an enrolled card
    When a card is sent with a month that has passed
    Then it is refused as the caller's mistake

  @id:robustness.after @clause:robustness.after @source:RFC-9110-client-error @level:must @cap:access @cap:structured
  Scenario: A malformed request leaves the target as it was
    Given an enrolled card
    When a card is sent in a request that is cut off
    Then the target goes on taking cards

  @id:robustness.payment @clause:robustness.payment @source:RFC-9110-client-error @level:must @negative @cap:access @cap:structured-pay @cap:pay-long
  Scenario Outline: A payment in a malformed request is refused: <damage>
    Given an enrolled card
    And the customer has paid with a long cryptogram
    When the customer pays in a request <damage>
    Then it is refused as the caller's mistake

    Examples:
      | damage                                 |
      | that is cut off                        |
      | without a body                         |
      | without the number                     |
      | with an object as the number           |
      | with thousands of digits as the number |
      | with nothing as the number             |
      | with an empty number                   |
      | with a list as the body                |
      | with a method that there is not        |

  @id:robustness.json @clause:robustness.json @source:RFC-8259 @level:must @cap:access @cap:read @cap:structured
  Scenario: An answer is one whole document, and called what it is
    Given an enrolled card
    When the token is read
    And a card is sent in a request that is cut off
    Then every answer is one whole document, and called what it is

  @id:robustness.month @clause:robustness.month @source:ISO-7812-and-7813 @level:must @negative @cap:access @cap:structured @cap:structured-card
  Scenario: A card without its month is refused
    Given an enrolled card
    When a card is sent in a request without the month
    Then it is refused as the caller's mistake

  @id:robustness.stored @clause:robustness.stored @source:RFC-9110-client-error @level:must @negative @cap:access @cap:structured @cap:structured-card @cap:list-cards
  Scenario: What is refused is not kept
    Given an enrolled card
    And the cards on file have been counted
    When a card is sent with a wrong check digit
    Then it is refused as the caller's mistake
    And no card has been added

  @id:robustness.field @clause:robustness.field @source:RFC-9110-client-error @level:must @negative @cap:access @cap:structured @cap:structured-card @cap:field
  Scenario: A refusal names what is wrong
    Given an enrolled card
    When a card is sent with a thirteenth month
    Then it is refused as the caller's mistake
    And the refusal names the month

  @id:robustness.expired-refused @clause:robustness.expired-refused @source:ISO-7812-and-7813 @level:must @negative @cap:access @cap:structured @cap:structured-card @cap:expired-refused
  Scenario: A card whose month has passed is not taken
    Given an enrolled card
    When a card is sent with a month that has passed
    Then it is refused as the caller's mistake

  @id:robustness.enrolment @clause:robustness.enrolment @source:RFC-9110-client-error @level:must @negative @cap:access @cap:structured-enrol
  Scenario: An enrolment in a malformed request is refused
    Given an enrolled card
    When an enrolment is sent in a request that is cut off
    Then it is refused as the caller's mistake

  @id:robustness.cryptogram @clause:robustness.cryptogram @source:RFC-9110-client-error @level:must @negative @cap:access @cap:cryptogram-long @cap:structured-proof
  Scenario: A request for a cryptogram that is malformed is refused
    Given an enrolled card
    When a long cryptogram is requested in a request that is cut off
    Then it is refused as the caller's mistake

  @id:robustness.json-payment @clause:robustness.json-payment @source:RFC-8259 @level:must @cap:access @cap:pay-long @cap:structured-pay
  Scenario: The answer to a payment is one whole document, and called what it is
    Given an enrolled card
    When the customer pays with a long cryptogram
    And the customer pays in a request without the number
    Then every answer is one whole document, and called what it is

  @id:robustness.no-cryptogram @clause:robustness.no-cryptogram @source:RFC-9110-client-error @level:must @negative @cap:unknown-card @cap:cryptogram-long
  Scenario: A cryptogram of a token that was never issued is refused
    Given an enrolled card
    When a long cryptogram of a token that was never issued is requested
    Then it is refused as not found

  @id:robustness.json-first @clause:robustness.json-first @source:RFC-8259 @level:must @cap:access @cap:structured
  Scenario: The answer to a card is one whole document, and called what it is
    Given a card that is not yet on file
    When the card is sent as it is
    Then the request succeeds
    And every answer is one whole document, and called what it is
