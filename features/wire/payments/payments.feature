Feature: standin's own payment API
  Everything a merchant may do with a token, and the exact reason when it is declined.

  Background:
    Given a Visa token with a long cryptogram

  @id:payments.pay @source:standin-README @level:must @cap:account.payments
  Scenario: A payment tells everything about itself
    When POST "/payments" is sent with
      """
      {"amount":1250,"currency":"EUR","reference":"order-1",
       "network_token":{"number":"{token_number}","exp_month":{token_month},"exp_year":{token_year},"cryptogram":"{cryptogram}"}}
      """
    Then the status is 201
    And "/approved" equals true
    And "/state" equals "captured"
    And "/reason" equals null
    And "/response/code" equals "00"
    And "/amount" equals 1250
    And "/captured" equals 1250
    And "/refunded" equals 0
    And "/currency" equals "EUR"
    And "/initiator" equals "customer"
    And "/network" equals "visa"
    And "/paid_with/kind" equals "network_token"
    And "/paid_with/exp_year" equals {token_year}
    And "/network_transaction_id" has the shape of a digits
    And "/transaction_link_id" equals null
    And "/reference" equals "order-1"
    And "/payment_account_reference" has the shape of an account reference
    And "/created_at" has the shape of a UTC timestamp
    And "/moves" holds 0 items

  @id:payments.replay @source:standin-README @level:must @cap:account.payments
  Scenario: A declined payment is a payment with a reason
    Given POST "/payments" is answered with 201 to
      """
      {"amount":1250,"currency":"EUR",
       "network_token":{"number":"{token_number}","exp_month":{token_month},"exp_year":{token_year},"cryptogram":"{cryptogram}"}}
      """
    And "/approved" equals true
    When the same request is sent
    Then the status is 201
    And "/approved" equals false
    And "/state" equals "declined"
    And "/reason" equals "cryptogram_replayed"
    And "/row" equals "5b"
    And "/response/code" equals "05"
    And "/captured" equals 0

  @id:payments.order @source:standin-README @level:must @cap:account.payments
  Scenario Outline: The first check that fails gives the reason: <wrong>
    When POST "/payments" is sent by the <account> account with
      """
      {"amount":1250,"currency":"EUR",
       "network_token":{"number":"{token_number}","exp_month":{token_month},"exp_year":<year>,"cryptogram":"<cryptogram>"}}
      """
    Then the status is 201
    And "/reason" equals "<reason>"
    And "/row" equals "<row>"

    Examples:
      | wrong                | account        | year         | cryptogram   | reason             | row |
      | expiry and all below | other-payments | 2039         | 123          | expiry_mismatch    | 3   |
      | merchant             | other-payments | {token_year} | {cryptogram} | domain_mismatch    | 4   |
      | kind of cryptogram   | payments       | {token_year} | 123          | cryptogram_wrong_kind | 5b |
      | cryptogram           | payments       | {token_year} | AAAAAAAAAAAAAAAAAAAAAAAAAAA= | cryptogram_invalid | 5b |

  @id:payments.read @source:standin-README @level:must @cap:account.payments
  Scenario: A payment reads as it was answered
    Given POST "/payments" is answered with 201 to
      """
      {"amount":1250,"currency":"EUR",
       "network_token":{"number":"{token_number}","exp_month":{token_month},"exp_year":{token_year},"cryptogram":"{cryptogram}"}}
      """
    And "/approved" equals true
    And "/id" is kept as "payment"
    And "/network_transaction_id" is kept as "nti"
    When GET "/payments/{payment}" is sent
    Then the status is 200
    And "/id" equals "{payment}"
    And "/network_transaction_id" equals "{nti}"

  @id:payments.read-other @source:standin-README @level:must @negative @cap:account.other-payments
  Scenario: A payment is its own merchant's
    Given POST "/payments" is answered with 201 to
      """
      {"amount":1250,"currency":"EUR",
       "network_token":{"number":"{token_number}","exp_month":{token_month},"exp_year":{token_year},"cryptogram":"{cryptogram}"}}
      """
    And "/approved" equals true
    And "/id" is kept as "payment"
    When GET "/payments/{payment}" is sent by the other-payments account
    Then it is refused with 404 "not_found"

  @id:payments.member @source:standin-README @level:must @negative @cap:account.payments
  Scenario Outline: A wrong member is refused and named: <wrong>
    Given POST "/payments" is answered with 201 to
      """
      {"amount":1250,"currency":"EUR","initiator":"customer","capture":"now",
       "network_token":{"number":"{token_number}","exp_month":{token_month},"exp_year":{token_year},"cryptogram":"{cryptogram}"}}
      """
    And "/approved" equals true
    When the same request is sent with "<member>" set to <value>
    Then it is refused with 422 "bad_members" at "<member>"

    Examples:
      | wrong               | member                   | value     |
      | amount below zero   | /amount                  | -1        |
      | amount as text      | /amount                  | "1250"    |
      | amount of a half    | /amount                  | 0.5       |
      | currency            | /currency                | "dollars" |
      | initiator           | /initiator               | "issuer"  |
      | capture             | /capture                 | "never"   |
      | month               | /network_token/exp_month | 13        |
      | month as text       | /network_token/exp_month | "12"      |
      | number              | /network_token/number    | "4111"    |
      | number as number    | /network_token/number    | 4111      |
      | transaction id      | /network_transaction_id  | "?"       |
      | transaction link    | /transaction_link_id     | "short"   |

  @id:payments.missing @source:standin-README @level:must @negative @cap:account.payments
  Scenario Outline: A missing member is refused and named: <member>
    Given POST "/payments" is answered with 201 to
      """
      {"amount":1250,"currency":"EUR",
       "network_token":{"number":"{token_number}","exp_month":{token_month},"exp_year":{token_year},"cryptogram":"{cryptogram}"}}
      """
    And "/approved" equals true
    When the same request is sent without "<member>"
    Then it is refused with 422 "bad_members" at "<member>"

    Examples:
      | member                   |
      | /amount                  |
      | /currency                |
      | /network_token           |
      | /network_token/number    |
      | /network_token/exp_month |
      | /network_token/exp_year  |

  @id:payments.access @source:standin-README @level:must @negative @cap:account.payments
  Scenario: Without a key nothing is paid
    Given POST "/payments" is answered with 201 to
      """
      {"amount":1250,"currency":"EUR",
       "network_token":{"number":"{token_number}","exp_month":{token_month},"exp_year":{token_year},"cryptogram":"{cryptogram}"}}
      """
    And "/approved" equals true
    When the same request is sent without credentials
    Then it is refused with 401 "unauthorized"

  @id:payments.moves @source:standin-README @level:must @negative @cap:account.payments
  Scenario Outline: What a payment's state does not allow is refused: <move>
    Given POST "/payments" is answered with 201 to
      """
      {"amount":1250,"currency":"EUR","capture":"<capture>",
       "network_token":{"number":"{token_number}","exp_month":{token_month},"exp_year":{token_year},"cryptogram":"{cryptogram}"}}
      """
    And "/approved" equals true
    And "/id" is kept as "payment"
    When POST "/payments/{payment}/<move>" is sent with
      """
      {"amount":<amount>,"currency":"EUR"}
      """
    Then it is refused with 409 "<code>"

    Examples:
      | move      | capture | amount | code             |
      | captures  | later   | 1251   | too_much         |
      | refunds   | later   | 1      | nothing_captured |
      | voids     | now     | 1      | already_captured |
