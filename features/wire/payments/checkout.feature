Feature: The checkout page of a merchant that knows cards only
  Network token and short cryptogram go into the fields of a card.

  Background:
    Given a Visa token with a short cryptogram

  @id:payments.checkout @source:Provision-Network-Tokens-for-Payments @level:must @cap:account.payments
  Scenario: The page has the three fields of a card
    When GET "/checkout?amount=1250&currency=EUR" is sent
    Then the status is 200
    And the media type is "text/html"
    And the body mentions "name=\"number\""
    And the body mentions "name=\"expiry\""
    And the body mentions "name=\"cvc\""
    And the body mentions "12.50 EUR"

  @id:payments.checkout-card @source:Provision-Network-Tokens-for-Payments @level:must @cap:account.payments
  Scenario: Token and short cryptogram pay in a card's place
    When POST "/payments" is sent with
      """
      {"amount":1250,"currency":"EUR",
       "card":{"number":"{token_number}","exp_month":{token_month},"exp_year":{token_year},"security_code":"{cryptogram}"}}
      """
    Then the status is 201
    And "/approved" equals true
    And "/paid_with/kind" equals "network_token"
