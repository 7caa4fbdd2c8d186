Feature: Network tokens at Checkout.com
  Checkout.com also requests tokens for its merchants, mints their cryptograms and deletes them.

  Background:
    Given POST "/network-tokens" is answered with 201 to
      """
      {"source":{"type":"card","number":"{visa}","expiry_month":12,"expiry_year":2029}}
      """
    And "/network_token/id" is kept as "token"

  @id:checkout_com.provision @source:checkout-sdk-node-types @level:must @cap:account.checkout_com
  Scenario: A card is provisioned once
    When the same request is sent
    Then the status is 200
    And "/network_token/id" equals "{token}"
    And "/network_token/state" equals "active"
    And "/network_token/type" equals "vts"
    And "/network_token/number" has the shape of a token number
    And "/network_token/payment_account_reference" has the shape of an account reference
    And "/card/last4" is four digits
    And "/token_requestor_id" has the shape of a digits

  @id:checkout_com.cryptogram @source:checkout-sdk-node-types @level:must @cap:account.checkout_com
  Scenario: A cryptogram for a payment
    When POST "/network-tokens/{token}/cryptograms" is sent with
      """
      {"transaction_type":"ecom"}
      """
    Then the status is 201
    And "/cryptogram" has the shape of a base64 of 20 bytes

  @id:checkout_com.delete @source:checkout-sdk-node-types @level:must @cap:account.checkout_com
  Scenario: A token that is deleted reads as deleted
    When PATCH "/network-tokens/{token}/delete" is sent with
      """
      {"initiated_by":"token_requestor","reason":"other"}
      """
    And GET "/network-tokens/{token}" is sent
    Then the status is 200
    And "/network_token/state" equals "deleted"

  @id:checkout_com.ineligible @source:checkout-sdk-node-types @level:must @negative @cap:account.checkout_com @cap:card.card-not-allowed
  Scenario: A card that the network does not allow gets no token
    When the same request is sent with "/source/number" set to "{card_not_allowed}"
    Then it is refused with 422 "pan_ineligible"
