Feature: Cards of the card management API
  A card is a JSON:API document. Its number is shown only to those who may see it.

  @id:cmp.cards.create @source:CMP-cards @level:must
  Scenario: A created card is told in full
    When POST "/cards" is sent with
      """
      {"data":{"attributes":{"pan":"{visa}","cvc":"123","exp_month":12,"exp_year":31}}}
      """
    Then the status is 201
    And the media type is "application/vnd.api+json"
    And "/data/id" has the shape of a card id
    And "/data/type" equals "cards"
    And "/data/attributes" has the members "pan_alias cvc_status bin first8 last4 exp_month exp_year card_fingerprint capabilities created_at updated_at"
    And "/data/attributes/bin" is six digits
    And "/data/attributes/first8" is eight digits
    And "/data/attributes/last4" is four digits
    And "/data/attributes/exp_month" equals 12
    And "/data/attributes/exp_year" equals 31
    And "/data/attributes/card_fingerprint" has the shape of a fingerprint
    And "/data/attributes/capabilities" lists "network-tokens"
    And "/data/attributes/created_at" has the shape of a UTC timestamp
    And "/data/attributes/updated_at" has the shape of a UTC timestamp
    And "/data/meta/token_type" equals "pan"

  @id:cmp.cards.cvc-hidden @source:CMP-cards @level:must
  Scenario: The security code is never told again
    Given POST "/cards" is answered with 201 to
      """
      {"data":{"attributes":{"pan":"{visa}","cvc":"123","exp_month":12,"exp_year":31}}}
      """
    And "/data/id" is kept as "card"
    When GET "/cards/{card}" is sent
    Then the status is 200
    And "/data/attributes/cvc" is absent
    And "/data/attributes/cvc_status" equals "active"

  @id:cmp.cards.read @source:Provision-Network-Tokens-for-Payments @level:must
  Scenario: A card reads as it was created
    Given POST "/cards" is answered with 201 to
      """
      {"data":{"attributes":{"pan":"{visa}","exp_month":5,"exp_year":32}}}
      """
    And "/data/id" is kept as "card"
    And "/data/attributes/card_fingerprint" is kept as "fingerprint"
    When GET "/cards/{card}" is sent
    Then the status is 200
    And the media type is "application/vnd.api+json"
    And "/data/id" equals "{card}"
    And "/data/attributes/pan" equals "{visa}"
    And "/data/attributes/exp_month" equals 5
    And "/data/attributes/exp_year" equals 32
    And "/data/attributes/card_fingerprint" equals "{fingerprint}"
    And "/included" holds 0 items

  @id:cmp.cards.pan-withheld @source:VGS-service-accounts @level:must
  Scenario: Without the scope for it the card number is withheld
    Given POST "/cards" is answered with 201 to
      """
      {"data":{"attributes":{"pan":"{visa}","exp_month":12,"exp_year":31}}}
      """
    And "/data/id" is kept as "card"
    And GET "/cards/{card}" is answered with 200
    When the same request is sent with the scopes "cards:read"
    Then the status is 200
    And "/data/attributes/pan" is absent
    And "/data/attributes/last4" is four digits

  @id:cmp.cards.fingerprint @source:CMP-cards @level:must
  Scenario: The fingerprint is that of the card number
    Given POST "/cards" is answered with 201 to
      """
      {"data":{"attributes":{"pan":"{visa}","exp_month":12,"exp_year":31}}}
      """
    And "/data/attributes/card_fingerprint" is kept as "fingerprint"
    And "/data/id" is kept as "card"
    When POST "/cards" is sent with
      """
      {"data":{"attributes":{"pan":"{visa}","exp_month":1,"exp_year":33}}}
      """
    Then the status is 201
    And "/data/attributes/card_fingerprint" equals "{fingerprint}"
    And "/data/id" differs from "{card}"

  @id:cmp.cards.fingerprint-differs @source:CMP-cards @level:must
  Scenario: Another number has another fingerprint
    Given POST "/cards" is answered with 201 to
      """
      {"data":{"attributes":{"pan":"{visa}","exp_month":12,"exp_year":31}}}
      """
    And "/data/attributes/card_fingerprint" is kept as "fingerprint"
    When POST "/cards" is sent with
      """
      {"data":{"attributes":{"pan":"{mastercard}","exp_month":12,"exp_year":31}}}
      """
    Then the status is 201
    And "/data/attributes/card_fingerprint" differs from "{fingerprint}"

  @id:cmp.cards.update @source:CMP-cards @level:must
  Scenario: The expiry of a card can be changed
    Given POST "/cards" is answered with 201 to
      """
      {"data":{"attributes":{"pan":"{visa}","exp_month":12,"exp_year":31}}}
      """
    And "/data/id" is kept as "card"
    When PATCH "/cards/{card}" is sent with
      """
      {"data":{"attributes":{"exp_month":3,"exp_year":34}}}
      """
    Then the status is 200
    And "/data/id" equals "{card}"
    And "/data/attributes/exp_month" equals 3
    And "/data/attributes/exp_year" equals 34

  @id:cmp.cards.update-kept @source:CMP-cards @level:must
  Scenario: A changed expiry stays changed
    Given POST "/cards" is answered with 201 to
      """
      {"data":{"attributes":{"pan":"{visa}","exp_month":12,"exp_year":31}}}
      """
    And "/data/id" is kept as "card"
    And PATCH "/cards/{card}" is answered with 200 to
      """
      {"data":{"attributes":{"exp_month":3}}}
      """
    When GET "/cards/{card}" is sent
    Then "/data/attributes/exp_month" equals 3
    And "/data/attributes/exp_year" equals 31

  @id:cmp.cards.delete @source:CMP-cards @level:must
  Scenario: A card can be deleted
    Given POST "/cards" is answered with 201 to
      """
      {"data":{"attributes":{"pan":"{visa}","exp_month":12,"exp_year":31}}}
      """
    And "/data/id" is kept as "card"
    When DELETE "/cards/{card}" is sent
    Then the status is 204
    And the body is empty

  @id:cmp.cards.deleted @source:CMP-cards @level:must @negative
  Scenario Outline: A deleted card is not found: <how>
    Given POST "/cards" is answered with 201 to
      """
      {"data":{"attributes":{"pan":"{visa}","exp_month":12,"exp_year":31}}}
      """
    And "/data/id" is kept as "card"
    And GET "/cards/{card}" is answered with 200
    And DELETE "/cards/{card}" is answered with 204
    When <method> "/cards/{card}" is sent
    Then it is refused with 404 "not-found"

    Examples:
      | how           | method |
      | read          | GET    |
      | deleted again | DELETE |

  @id:cmp.cards.unknown-members @source:CMP-cards @level:must
  Scenario: Members that a form adds are ignored
    When POST "/cards" is sent with
      """
      {"data":{"attributes":{"pan":"{visa}","exp_month":12,"exp_year":31,"_source":"form","_medium":"vgs-collect","_formId":"f1"}}}
      """
    Then the status is 201
    And "/data/attributes/_source" is absent

  @id:cmp.cards.foreign @source:CMP-cards @level:must @negative @cap:account.on-create
  Scenario: Another account's card is not found
    Given POST "/cards" is answered with 201 to
      """
      {"data":{"attributes":{"pan":"{visa}","exp_month":12,"exp_year":31}}}
      """
    And "/data/id" is kept as "card"
    And GET "/cards/{card}" is answered with 200
    When the same request is sent by the on-create account
    Then it is refused with 404 "not-found"
