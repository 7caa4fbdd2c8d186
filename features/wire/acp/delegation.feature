Feature: Payments delegated by the Agentic Commerce Protocol
  An agent hands over a card for one payment of a merchant's, within an amount and a time, and gets a name for it.

  Background:
    Given POST "/agentic_commerce/delegate_payment" is answered with 201 to
      """
      {"payment_method":{"type":"card","card_number_type":"fpan","number":"{visa}","exp_month":"12","exp_year":"2031","cvc":"123","metadata":{}},
       "allowance":{"reason":"one_time","max_amount":2000,"currency":"usd","checkout_session_id":"cs_1",
                    "merchant_id":"standin-merchant","expires_at":"2035-01-01T00:00:00Z"},
       "risk_signals":[{"type":"card_testing","score":1,"action":"authorized"}],
       "metadata":{"campaign":"spring"}}
      """
    And "/id" is kept as "credential"

  @id:acp.delegate @source:ACP-2026-04-17 @level:must @cap:account.acp
  Scenario: A delegated payment has a name, a time and the metadata it came with
    When "/id" is kept as "again"
    Then "/id" has the shape of a text
    And "/created" has the shape of a UTC timestamp
    And "/metadata/campaign" equals "spring"
    And the answer holds no card number

  @id:acp.replayed @source:ACP-2026-04-17 @level:must @cap:account.acp
  Scenario: The same request with the same key has the same answer, and says so
    When the same request is sent
    Then the status is 201
    And "/id" equals "{credential}"
    And the header "idempotent-replayed" is "true"

  @id:acp.another-key @source:ACP-2026-04-17 @level:must @cap:account.acp
  Scenario: Another key is another delegation
    When the same request is sent with the header "idempotency-key" set to "{fresh}"
    Then the status is 201
    And "/id" differs from "{credential}"

  @id:acp.conflict @source:ACP-2026-04-17 @level:must @negative @cap:account.acp
  Scenario: A key that came with another request is refused
    When the same request is sent with "/allowance/max_amount" set to 2001
    Then it is refused with 422 "idempotency_conflict"

  @id:acp.no-key @source:ACP-2026-04-17 @level:must @negative @cap:account.acp
  Scenario: A request without an idempotency key is refused
    When the same request is sent without the header "idempotency-key"
    Then it is refused with 400 "idempotency_key_required"

  @id:acp.no-version @source:ACP-2026-04-17 @level:must @negative @cap:account.acp
  Scenario: A request without a version is refused
    When the same request is sent without the header "api-version"
    Then it is refused with 400 "missing_api_version"

  @id:acp.stranger @source:ACP-2026-04-17 @level:must @negative @cap:account.acp
  Scenario: Nobody delegates without a key
    When the same request is sent without credentials
    Then it is refused with 401 "unauthorized"

  @id:acp.missing @source:ACP-2026-04-17 @level:must @negative @cap:account.acp
  Scenario Outline: What is missing is named: <place>
    When the same request is sent without "<place>"
    Then it is refused with 400 "missing" at "<param>"

    Examples:
      | place                            | param                             |
      | /payment_method                  | $.payment_method                  |
      | /payment_method/type             | $.payment_method.type             |
      | /payment_method/card_number_type | $.payment_method.card_number_type |
      | /payment_method/number           | $.payment_method.number           |
      | /allowance                       | $.allowance                       |
      | /allowance/reason                | $.allowance.reason                |
      | /allowance/max_amount            | $.allowance.max_amount            |
      | /allowance/currency              | $.allowance.currency              |
      | /allowance/checkout_session_id   | $.allowance.checkout_session_id   |
      | /allowance/merchant_id           | $.allowance.merchant_id           |
      | /allowance/expires_at            | $.allowance.expires_at            |
      | /risk_signals                    | $.risk_signals                    |

  @id:acp.wrong @source:ACP-2026-04-17 @level:must @negative @cap:account.acp
  Scenario Outline: What is wrong is named: <place>
    When the same request is sent with "<place>" set to <value>
    Then it is refused with 400 "invalid" at "<param>"

    Examples:
      | place                     | value       | param                      |
      | /payment_method/type      | "wallet"    | $.payment_method.type      |
      | /payment_method/exp_month | "13"        | $.payment_method.exp_month |
      | /allowance/reason         | "recurring" | $.allowance.reason         |
      | /allowance/max_amount     | -1          | $.allowance.max_amount     |
      | /allowance/currency       | "USD"       | $.allowance.currency       |
      | /allowance/expires_at     | "tomorrow"  | $.allowance.expires_at     |
      | /risk_signals             | []          | $.risk_signals             |
