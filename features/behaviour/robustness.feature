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
      | with a method that there is not        |

  @id:robustness.json @clause:robustness.json @source:RFC-8259 @level:must @cap:access @cap:read @cap:structured
  Scenario: What is called JSON is one document
    Given an enrolled card
    When the token is read
    And a card is sent in a request that is cut off
    Then every answer that is called JSON is one JSON document

  @id:robustness.month @clause:robustness.month @source:ISO-7812-and-7813 @level:must @negative @cap:access @cap:structured @cap:structured-card
  Scenario: A card without its month is refused
    Given an enrolled card
    When a card is sent in a request without the month
    Then it is refused as the caller's mistake
