Feature: Enrolment by alias
  The older enrolment API takes the alias under which the vault keeps a card number and answers with flat JSON.

  Background:
    Given POST "/aliases" is answered with 201 to
      """
      {"data":[{"value":"{visa}","format":"UUID","storage":"PERSISTENT"}]}
      """
    And "/data/0/aliases/0/alias" is kept as "alias"

  @id:calm.enrol.success @source:Enroll-Network-Token @level:must
  Scenario: A successful enrolment has the members of the document's sample
    When POST "/network-tokens" is sent with
      """
      {"pan_alias":"{alias}","exp_month":12,"exp_year":31}
      """
    Then the status is 200
    And the media type is "application/json"
    And "/pan_alias" equals "{alias}"
    And "/state" equals "ACTIVE"
    And "/network_token_last4" is four digits
    And "/created_at" has the shape of a UTC timestamp
    And "/updated_at" has the shape of a UTC timestamp
    And "/expires_at" has the shape of a year and month
    And "/card/last4" is four digits
    And "/card/bin" is six digits
    And "/card/expires_at" equals "2031-12"
    And "/error_code" is absent

  @id:calm.enrol.sample @source:Enroll-Network-Token @level:must
  Scenario: The document's sample request, with holder and address, is accepted
    When POST "/network-tokens" is sent with
      """
      {"name":"John Doe","pan_alias":"{alias}","cvv_alias":"tok_sandbox_1218782dsds","exp_month":12,"exp_year":31,
       "billing_address":{"name":"John Doe","company":"John Doe Company","address1":"555 Unblock Us St","address2":"M13 9PL",
       "city":"New York","region":"NY","country":"US","postal_code":12301,"phone":"+14842634673"}}
      """
    Then the status is 200
    And "/state" equals "ACTIVE"
    And "/card/holder_info/name" equals "John Doe"
    And "/card/holder_info/billing_address/city" equals "New York"
    And "/card/holder_info/billing_address/postal_code" equals "12301"

  @id:calm.enrol.no-number @source:Enroll-Network-Token @level:must
  Scenario: The token number itself is never told
    When POST "/network-tokens" is sent with
      """
      {"pan_alias":"{alias}","exp_month":12,"exp_year":31}
      """
    Then the status is 200
    And "/network_token" is absent
    And "/card/number" is absent
    And the answer holds no card number

  @id:calm.enrol.read @source:Enroll-Network-Token @level:must
  Scenario: An enrolment can be read by its alias
    Given POST "/network-tokens" is answered with 200 to
      """
      {"pan_alias":"{alias}","exp_month":12,"exp_year":31}
      """
    And "/network_token_last4" is kept as "last4"
    When GET "/network-tokens/{alias}" is sent
    Then the status is 200
    And "/pan_alias" equals "{alias}"
    And "/state" equals "ACTIVE"
    And "/network_token_last4" equals "{last4}"

  @id:calm.enrol.delete @source:CALM-delete-network-token @level:must
  Scenario: A deleted token is told as deleted
    Given POST "/network-tokens" is answered with 200 to
      """
      {"pan_alias":"{alias}","exp_month":12,"exp_year":31}
      """
    When DELETE "/network-tokens/{alias}" is sent
    Then the status is 200
    And "/pan_alias" equals "{alias}"
    And "/state" equals "DELETED"

  @id:calm.enrol.delete-twice @source:CALM-delete-network-token @level:must @negative
  Scenario: A deleted token cannot be deleted again
    Given POST "/network-tokens" is answered with 200 to
      """
      {"pan_alias":"{alias}","exp_month":12,"exp_year":31}
      """
    And DELETE "/network-tokens/{alias}" is answered with 200
    When DELETE "/network-tokens/{alias}" is sent
    Then it is refused with 404 "not-found"

  @id:calm.enrol.four-digit-year @source:Enroll-Network-Token @level:should
  Scenario: A year of four digits is accepted as well
    When POST "/network-tokens" is sent with
      """
      {"pan_alias":"{alias}","exp_month":12,"exp_year":2031}
      """
    Then the status is 200
    And "/card/expires_at" equals "2031-12"
