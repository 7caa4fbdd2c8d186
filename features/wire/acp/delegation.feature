Feature: Payments delegated by the Agentic Commerce Protocol
  An agent hands over a card for one payment of a merchant's, within an amount and a time, and gets a name for it. The requests are
  those of the schema of 2026-04-17. The schema and the RFC beside it differ in places: what both say is demanded, the rest told.

  Background:
    Given POST "/agentic_commerce/delegate_payment" is answered with 201 to
      """
      {"payment_method":{"type":"card","card_number_type":"fpan","virtual":false,"number":"{visa}",
                         "exp_month":"{visa_month}","exp_year":"{visa_year}","display_card_funding_type":"credit","metadata":{}},
       "allowance":{"reason":"one_time","max_amount":2000,"currency":"usd","checkout_session_id":"cs_1",
                    "merchant_id":"{merchant}","expires_at":"2035-01-01T00:00:00Z"},
       "risk_signals":[{"type":"card_testing","score":1,"action":"authorized"}],
       "metadata":{"campaign":"spring"}}
      """
    And "/id" is kept as "credential"

  @id:acp.delegate @source:ACP-2026-04-17 @level:must @cap:account.acp
  Scenario: A delegated payment has a name, a time and the metadata it came with
    When "/id" is kept as "again"
    Then "/id" has the shape of a text
    And "/created" has the shape of a RFC 3339 timestamp
    And "/metadata/campaign" equals "spring"
    And the answer holds no card number

  @id:acp.correlated @source:ACP-2026-04-17 @level:should @cap:account.acp
  Scenario: The answer names its request as the client does
    When the same request is sent with the header "request-id" set to "req-of-a-client"
    Then the status is 201
    And the header "request-id" is "req-of-a-client"

  @id:acp.replayed @source:ACP-2026-04-17 @level:must @cap:account.acp
  Scenario: The same request with the same key has the same answer
    When the same request is sent
    Then the status is 201
    And "/id" equals "{credential}"

  @id:acp.replayed-rewritten @source:ACP-2026-04-17 @level:must @cap:account.acp
  Scenario: A request with other white space is the same request
    When the same request is sent with its key and "/allowance/max_amount" set to 2000
    Then the status is 201
    And "/id" equals "{credential}"

  @id:acp.replay-told @source:ACP-2026-04-17 @level:should @cap:account.acp
  Scenario: An answer that is given again says so
    When the same request is sent
    Then the header "idempotent-replayed" is "true"

  @id:acp.another-key @source:ACP-2026-04-17 @level:must @cap:account.acp
  Scenario: Another key is another delegation
    When the same request is sent with the header "idempotency-key" set to "{fresh}"
    Then the status is 201
    And "/id" differs from "{credential}"

  @id:acp.conflict @source:ACP-2026-04-17 @level:must @negative @cap:account.acp
  Scenario: A key that came with another request is refused
    When the same request is sent with its key and "/allowance/max_amount" set to 2001
    Then it is refused with 422 "idempotency_conflict"

  @id:acp.no-key @source:ACP-2026-04-17 @level:must @negative @cap:account.acp
  Scenario: A request without an idempotency key is refused
    When the same request is sent without the header "idempotency-key"
    Then it is refused with 400 "idempotency_key_required"

  @id:acp.version @source:ACP-2026-04-17 @level:should @negative @cap:account.acp
  Scenario Outline: A request in <version> is refused, and the versions that are spoken are told
    When the same request is sent <how>
    Then it is refused with 400 and a flat error
    And "/supported_versions" lists "2026-04-17"

    Examples:
      | version            | how                                                 |
      | no version         | without the header "api-version"                    |
      | an unknown version | with the header "api-version" set to "1999-01-01" |

  @id:acp.stranger @source:ACP-2026-04-17 @level:must @negative @cap:account.acp
  Scenario: Nobody delegates without a key
    When the same request is sent without credentials
    Then it is refused with 401 and a flat error

  @id:acp.missing @source:ACP-2026-04-17 @level:must @negative @cap:account.acp
  Scenario Outline: What is missing is refused: <place>
    When the same request is sent without "<place>"
    Then it is refused with 400 or 422 and a flat error about "<param>"

    Examples:
      | place                                     | param                                    |
      | /payment_method                           | payment_method                           |
      | /payment_method/type                      | payment_method.type                      |
      | /payment_method/card_number_type          | payment_method.card_number_type          |
      | /payment_method/number                    | payment_method.number                    |
      | /payment_method/display_card_funding_type | payment_method.display_card_funding_type |
      | /payment_method/metadata                  | payment_method.metadata                  |
      | /allowance                                | allowance                                |
      | /allowance/reason                         | allowance.reason                         |
      | /allowance/max_amount                     | allowance.max_amount                     |
      | /allowance/currency                       | allowance.currency                       |
      | /allowance/checkout_session_id            | allowance.checkout_session_id            |
      | /allowance/merchant_id                    | allowance.merchant_id                    |
      | /allowance/expires_at                     | allowance.expires_at                     |
      | /risk_signals                             | risk_signals                             |
      | /metadata                                 | metadata                                 |

  @id:acp.wrong @source:ACP-2026-04-17 @level:must @negative @cap:account.acp
  Scenario Outline: What is wrong is refused: <place>
    When the same request is sent with "<place>" set to <value>
    Then it is refused with 400 or 422 and a flat error about "<param>"

    Examples:
      | place                                     | value       | param                                    |
      | /payment_method/type                      | "wallet"    | payment_method.type                      |
      | /payment_method/card_number_type          | "alias"     | payment_method.card_number_type          |
      | /payment_method/exp_month                 | "123"       | payment_method.exp_month                 |
      | /payment_method/display_card_funding_type | "charge"    | payment_method.display_card_funding_type |
      | /payment_method/display_last4             | "1"         | payment_method.display_last4             |
      | /payment_method/checks_performed          | ["pin"]     | payment_method.checks_performed          |
      | /payment_method/metadata                  | {"a":1}     | payment_method.metadata.a                |
      | /allowance/reason                         | "recurring" | allowance.reason                         |
      | /allowance/max_amount                     | "2000"      | allowance.max_amount                     |
      | /allowance/currency                       | "USD"       | allowance.currency                       |
      | /allowance/expires_at                     | "tomorrow"  | allowance.expires_at                     |
      | /risk_signals                             | {}          | risk_signals                             |
      | /metadata                                 | {"a":1}     | metadata.a                               |

  # The schema lets the list be empty; the RFC wants one signal or more.
  @id:acp.no-signal @source:ACP-2026-04-17 @level:should @disputed @cap:account.acp
  Scenario: There need be no risk signal
    When the same request is sent with "/risk_signals" set to []
    Then the status is 201

  # The RFC requires the member; the schema does not.
  @id:acp.no-virtual @source:ACP-2026-04-17 @level:should @disputed @cap:account.acp
  Scenario: A card need not say whether it is virtual
    When the same request is sent without "/payment_method/virtual"
    Then the status is 201

  # The schema and the RFC want a JSONPath; the examples of both leave out the sign before it.
  @id:acp.param @source:ACP-2026-04-17 @level:should @disputed @negative @cap:account.acp
  Scenario: What is wrong is named as a JSONPath
    When the same request is sent without "/allowance/reason"
    Then it is refused with 400 or 422 and a flat error
    And "/param" equals "$.allowance.reason"
