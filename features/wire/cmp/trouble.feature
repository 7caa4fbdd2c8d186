Feature: Trouble on demand in the card management API
  VGS publishes card numbers that make the creation of a card fail, for testing what an integration does then.

  @id:cmp.trouble.status @source:VGS-create-card-testing @level:must @negative @cap:trouble-cards
  Scenario Outline: The published number for <status> is answered so
    Given POST "/cards" is answered with 201 to
      """
      {"data":{"attributes":{"pan":"{visa}","exp_month":12,"exp_year":31}}}
      """
    When the same request is sent with "/data/attributes/pan" set to "5100260000<rest>"
    Then it is refused with <status> "<code>"

    Examples:
      | status | rest   | code         |
      | 401    | 059210 | unauthorized |
      | 403    | 049211 | forbidden    |
      | 500    | 019214 | server-error |

  @id:cmp.trouble.gateway @source:VGS-create-card-testing @level:must @negative @cap:trouble-cards
  Scenario Outline: The published number for <status> is answered by something in front of the API
    Given POST "/cards" is answered with 201 to
      """
      {"data":{"attributes":{"pan":"{visa}","exp_month":12,"exp_year":31}}}
      """
    When the same request is sent with "/data/attributes/pan" set to "5100260000<rest>"
    Then it is refused with <status> outside the API's error shape

    Examples:
      | status | rest   |
      | 502    | 009215 |
      | 503    | 099216 |
      | 504    | 089217 |
