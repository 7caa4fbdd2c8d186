Feature: Enrolments that the network refuses
  A refused enrolment is answered with status 400 and a flat body that has the members of the document's failure sample.

  @id:calm.failures.codes @source:Enroll-Network-Token @level:must
  @cap:card.card-not-allowed @cap:card.declined @cap:card.verification-failed
  Scenario Outline: The failure <code> is told as the document words it
    Given POST "/aliases" is answered with 201 to
      """
      {"data":[{"value":"{<card>}","format":"UUID","storage":"PERSISTENT"}]}
      """
    And "/data/0/aliases/0/alias" is kept as "alias"
    When POST "/network-tokens" is sent with
      """
      {"pan_alias":"{alias}","exp_month":12,"exp_year":31}
      """
    Then the status is 400
    And the media type is "application/json"
    And "/pan_alias" equals "{alias}"
    And "/state" equals "FAILED"
    And "/error_code" equals "<code>"
    And "/description" equals "<description>"
    And "/created_at" has the shape of a UTC timestamp
    And "/updated_at" has the shape of a UTC timestamp
    And "/network_token_last4" is absent

    Examples:
      | code                   | card                | description                                                                                                     |
      | card_not_allowed       | card_not_allowed    | The requested action is not allowed for a given PAN. This card is valid but cannot be used for tokenization.   |
      | declined               | declined            | This card is not eligible for tokenization at this moment.                                                      |
      | card_enrollment_failed | verification_failed | Invalid payment instrument or data associated with the payment instrument.                                      |

  @id:calm.failures.network @source:Enroll-Network-Token @level:must @cap:card.card-not-allowed
  Scenario: The network's own code is in the additional information
    Given POST "/aliases" is answered with 201 to
      """
      {"data":[{"value":"{card_not_allowed}","format":"UUID","storage":"PERSISTENT"}]}
      """
    And "/data/0/aliases/0/alias" is kept as "alias"
    When POST "/network-tokens" is sent with
      """
      {"pan_alias":"{alias}","exp_month":12,"exp_year":31}
      """
    Then "/additional_info" equals "Network: Visa. Error: cardNotEligible"

  @id:calm.failures.read @source:Enroll-Network-Token @level:must @cap:card.card-not-allowed
  Scenario: A failed enrolment can be read
    Given POST "/aliases" is answered with 201 to
      """
      {"data":[{"value":"{card_not_allowed}","format":"UUID","storage":"PERSISTENT"}]}
      """
    And "/data/0/aliases/0/alias" is kept as "alias"
    And POST "/network-tokens" is answered with 400 to
      """
      {"pan_alias":"{alias}","exp_month":12,"exp_year":31}
      """
    When GET "/network-tokens/{alias}" is sent
    Then the status is 200
    And "/state" equals "FAILED"
    And "/error_code" equals "card_not_allowed"
