Feature: When card management goes wrong
  What a client sees of trouble on the way, and what has happened behind it. A client that cannot tell asks again, and must end
  with one token.

  Background:
    Given POST "/cards" is answered with 201 to
      """
      {"data":{"attributes":{"pan":"{visa}","exp_month":12,"exp_year":31}}}
      """
    And "/data/id" is kept as "card"

  @id:cmp.faults.lost-after @source:standin-faults @level:must @cap:faults
  Scenario: A token whose reply was lost is there
    Given the fault "lost_after_commit gateway_timeout on operation=provision when first=1" is armed
    And POST "/cards/{card}/network-tokens" is answered with 504
    When GET "/cards/{card}" is sent
    Then the status is 200
    And "/included/[type=network_tokens]/attributes/state" equals "active"

  @id:cmp.faults.lost-before @source:standin-faults @level:must @cap:faults
  Scenario: A token that was lost before it was made can be asked for again
    Given the fault "lost_before_commit gateway_timeout on operation=provision when first=1" is armed
    And POST "/cards/{card}/network-tokens" is answered with 504
    When POST "/cards/{card}/network-tokens" is sent
    Then the status is 200
    And "/data/attributes/state" equals "active"

  @id:cmp.faults.quota @source:standin-faults @level:must @cap:faults
  Scenario: Too many requests are turned away in the surface's own words
    Given the fault "quota 1 window=1m on surface=cmp" is armed
    And GET "/cards/{card}" is answered with 200
    When GET "/cards/{card}" is sent
    Then the status is 429
    And "/errors/0/status" equals "429"

  @id:cmp.faults.recovers @source:standin-faults @level:must @cap:faults @cap:clock
  Scenario: An outage is over when its time is
    Given the fault "outage 10m with status 503 on path=/cards/*" is armed
    And GET "/cards/{card}" is answered with 503
    And 600 seconds have passed
    When GET "/cards/{card}" is sent
    Then the status is 200
    And "/data/id" equals "{card}"

  @id:cmp.faults.chosen @source:standin-faults @level:must @cap:faults
  Scenario: A reason that is chosen comes with its code
    Given the fault "refuse card_not_allowed on operation=provision" is armed
    When POST "/cards/{card}/network-tokens" is sent
    Then the status is 200
    And "/data/attributes/state" equals "failed"
    And "/data/attributes/error_code" equals "card_not_allowed"
