Feature: Payment intents
  Stripe takes forms with names in brackets. Network tokens go into fields that Stripe opens to merchants on request.

  Background:
    Given a Visa token with a long cryptogram

  @id:stripe.pay @source:npm-stripe-types @level:must @cap:account.stripe
  Scenario: A payment intent that is confirmed at once
    When POST "/v1/payment_intents" is sent with
      """
      amount=1250&currency=eur&confirm=true&expand[]=latest_charge&payment_method_data[type]=card
      &payment_method_data[card][network_token][number]={token_number}
      &payment_method_data[card][network_token][exp_month]={token_month}
      &payment_method_data[card][network_token][exp_year]={token_year}
      &payment_method_options[card][network_token][cryptogram]={cryptogram}
      """
    Then the status is 200
    And "/object" equals "payment_intent"
    And "/status" equals "succeeded"
    And "/amount" equals 1250
    And "/amount_received" equals 1250
    And "/currency" equals "eur"
    And "/livemode" equals false
    And "/latest_charge/object" equals "charge"
    And "/latest_charge/outcome/network_status" equals "approved_by_network"
    And "/latest_charge/payment_method_details/card/network_token/used" equals true
    And "/latest_charge/payment_method_details/card/network_transaction_id" has the shape of a digits
    And "/latest_charge/payment_method_details/card/transaction_link_id" equals null

  @id:stripe.unexpanded @source:npm-stripe-types @level:must @cap:account.stripe
  Scenario: The charge is named where nobody asks for all of it
    When POST "/v1/payment_intents" is sent with
      """
      amount=1250&currency=eur&confirm=true&capture_method=manual&payment_method_data[type]=card
      &payment_method_data[card][network_token][number]={token_number}
      &payment_method_data[card][network_token][exp_month]={token_month}
      &payment_method_data[card][network_token][exp_year]={token_year}
      &payment_method_options[card][network_token][cryptogram]={cryptogram}
      """
    Then the status is 200
    And "/status" equals "requires_capture"
    And "/amount_capturable" equals 1250
    And "/latest_charge" has the shape of a text

  @id:stripe.declined @source:npm-stripe-types @level:must @negative @cap:account.stripe
  Scenario: A declined card is an error with the payment intent in it
    Given POST "/v1/payment_intents" is answered with 200 to
      """
      amount=1250&currency=eur&confirm=true&payment_method_data[type]=card
      &payment_method_data[card][network_token][number]={token_number}
      &payment_method_data[card][network_token][exp_month]={token_month}
      &payment_method_data[card][network_token][exp_year]={token_year}
      &payment_method_options[card][network_token][cryptogram]={cryptogram}
      """
    When the same request is sent
    Then it is refused with 402 "card_declined"
    And "/error/type" equals "card_error"
    And "/error/decline_code" has the shape of a text
    And "/error/payment_intent/status" equals "requires_payment_method"

  @id:stripe.missing @source:npm-stripe-types @level:must @negative @cap:account.stripe
  Scenario Outline: A parameter that is missing is named: <parameter>
    Given POST "/v1/payment_intents" is answered with 200 to
      """
      amount=1250&currency=eur&confirm=true&payment_method_data[type]=card
      &payment_method_data[card][network_token][number]={token_number}
      &payment_method_data[card][network_token][exp_month]={token_month}
      &payment_method_data[card][network_token][exp_year]={token_year}
      &payment_method_options[card][network_token][cryptogram]={cryptogram}
      """
    When the same request is sent without "/<parameter>"
    Then it is refused with 400 "parameter_missing" at "<parameter>"

    Examples:
      | parameter                                                  |
      | amount                                                     |
      | currency                                                   |
      | payment_method_data[type]                                  |
      | payment_method_data[card][network_token][exp_month]        |
      | payment_method_options[card][network_token][cryptogram]    |

  @id:stripe.unknown @source:npm-stripe-types @level:must @negative @cap:account.stripe
  Scenario Outline: A parameter that Stripe does not know is named: <parameter>
    Given POST "/v1/payment_intents" is answered with 200 to
      """
      amount=1250&currency=eur&confirm=true&payment_method_data[type]=card
      &payment_method_data[card][network_token][number]={token_number}
      &payment_method_data[card][network_token][exp_month]={token_month}
      &payment_method_data[card][network_token][exp_year]={token_year}
      &payment_method_options[card][network_token][cryptogram]={cryptogram}
      """
    When the same request is sent with "/<parameter>" set to 1
    Then it is refused with 400 "parameter_unknown" at "<parameter>"

    Examples:
      | parameter                              |
      | amout                                  |
      | payment_method_data[card][pan]         |
      | payment_method_options[card][eci_type] |

  @id:stripe.wrong @source:npm-stripe-types @level:must @negative @cap:account.stripe
  Scenario Outline: A parameter that is wrong is named: <wrong>
    Given POST "/v1/payment_intents" is answered with 200 to
      """
      amount=1250&currency=eur&confirm=true&payment_method_data[type]=card
      &payment_method_data[card][network_token][number]={token_number}
      &payment_method_data[card][network_token][exp_month]={token_month}
      &payment_method_data[card][network_token][exp_year]={token_year}
      &payment_method_options[card][network_token][cryptogram]={cryptogram}
      """
    When the same request is sent with "/<parameter>" set to "<value>"
    Then it is refused with 400 "<code>" at "<parameter>"

    Examples:
      | wrong    | parameter                 | value   | code                      |
      | amount   | amount                    | ten     | parameter_invalid_integer |
      | currency | currency                  | dollars | parameter_invalid_enum    |
      | confirm  | confirm                   | yes     | invalid_request_error     |
      | type     | payment_method_data[type] | sepa    | parameter_invalid_enum    |

  @id:stripe.access @source:npm-stripe-types @level:must @negative @cap:account.stripe
  Scenario: A key that is nobody's is refused
    Given POST "/v1/payment_intents" is answered with 200 to
      """
      amount=1250&currency=eur&confirm=true&payment_method_data[type]=card
      &payment_method_data[card][network_token][number]={token_number}
      &payment_method_data[card][network_token][exp_month]={token_month}
      &payment_method_data[card][network_token][exp_year]={token_year}
      &payment_method_options[card][network_token][cryptogram]={cryptogram}
      """
    When the same request is sent with the credential "Bearer sk_test_nobody"
    Then it is refused with 401 "invalid_request_error"

  @id:stripe.refund @source:npm-stripe-types @level:must @cap:account.stripe
  Scenario: A refund of a part
    Given POST "/v1/payment_intents" is answered with 200 to
      """
      amount=1250&currency=eur&confirm=true&payment_method_data[type]=card
      &payment_method_data[card][network_token][number]={token_number}
      &payment_method_data[card][network_token][exp_month]={token_month}
      &payment_method_data[card][network_token][exp_year]={token_year}
      &payment_method_options[card][network_token][cryptogram]={cryptogram}
      """
    And "/id" is kept as "intent"
    When POST "/v1/refunds" is sent with
      """
      payment_intent={intent}&amount=500&reason=duplicate&metadata[ticket]=t-1
      """
    Then the status is 200
    And "/object" equals "refund"
    And "/amount" equals 500
    And "/status" equals "succeeded"
    And "/payment_intent" equals "{intent}"
    And "/reason" equals "duplicate"
    And "/metadata/ticket" equals "t-1"

  @id:stripe.later @source:npm-stripe-types @level:must @cap:account.stripe
  Scenario: A payment intent that is confirmed later
    Given POST "/v1/payment_intents" is answered with 200 to
      """
      amount=1250&currency=eur
      """
    And "/status" equals "requires_payment_method"
    And "/latest_charge" equals null
    And "/id" is kept as "intent"
    When POST "/v1/payment_intents/{intent}/confirm" is sent with
      """
      payment_method_data[type]=card
      &payment_method_data[card][network_token][number]={token_number}
      &payment_method_data[card][network_token][exp_month]={token_month}
      &payment_method_data[card][network_token][exp_year]={token_year}
      &payment_method_options[card][network_token][cryptogram]={cryptogram}
      """
    Then the status is 200
    And "/id" equals "{intent}"
    And "/status" equals "succeeded"
    And "/amount_received" equals 1250

  @id:stripe.confirmed-already @source:npm-stripe-types @level:must @negative @cap:account.stripe
  Scenario: A payment intent that has succeeded cannot be confirmed again
    Given POST "/v1/payment_intents" is answered with 200 to
      """
      amount=1250&currency=eur&confirm=true&payment_method_data[type]=card
      &payment_method_data[card][network_token][number]={token_number}
      &payment_method_data[card][network_token][exp_month]={token_month}
      &payment_method_data[card][network_token][exp_year]={token_year}
      &payment_method_options[card][network_token][cryptogram]={cryptogram}
      """
    And "/id" is kept as "intent"
    When POST "/v1/payment_intents/{intent}/confirm" is sent
    Then it is refused with 400 "payment_intent_unexpected_state"

  @id:stripe.abandoned @source:npm-stripe-types @level:must @cap:account.stripe
  Scenario: A payment intent that nobody confirmed is canceled
    Given POST "/v1/payment_intents" is answered with 200 to
      """
      amount=1250&currency=eur
      """
    And "/id" is kept as "intent"
    When POST "/v1/payment_intents/{intent}/cancel" is sent
    Then the status is 200
    And "/status" equals "canceled"
