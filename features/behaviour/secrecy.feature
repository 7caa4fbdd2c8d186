Feature: What nobody may read
  A token stands for the card number so that the number need not be anywhere else. It is in no answer, no error, no header
  and no message; the security code is kept nowhere, and a cryptogram is told once, to whoever asked for it.

  @id:secrecy.answers @clause:secrecy.answers @source:PCI-DSS-3.4 @level:must @cap:access @cap:read
  Scenario: No answer about a token holds the card number
    Given an enrolled card
    When the token is read
    Then the request succeeds
    And no answer holds the card number or its security code

  @id:secrecy.list @clause:secrecy.list @source:PCI-DSS-3.4 @level:must @cap:access @cap:list
  Scenario: No list of tokens holds a card number
    Given an enrolled card
    When the tokens are listed
    Then the request succeeds
    And no answer holds the card number or its security code

  @id:secrecy.errors @clause:secrecy.errors @source:PCI-DSS-3.4 @level:must @negative @cap:access @cap:structured @cap:structured-card
  Scenario Outline: No error repeats the card number: <slip>
    Given an enrolled card
    When a card is sent <slip>
    Then it is refused as the caller's mistake
    And no answer holds the card number or its security code

    Examples:
      | slip                         |
      | with a thirteenth month      |

  @id:secrecy.refused-cards @clause:secrecy.refused-cards @source:PCI-DSS-3.4 @level:must @cap:access @cap:card.declined
  Scenario: No refusal of a card repeats its number
    Given an enrolled card
    And another card that the issuer declines
    When the other card is enrolled
    Then no answer holds the card number or its security code

  @id:secrecy.unknown @clause:secrecy.unknown @source:PCI-DSS-3.4 @level:must @cap:access @cap:delete @cap:cryptogram-long
  Scenario: No error about a token holds the card number
    Given an enrolled card
    And the merchant has deleted the token
    When a long cryptogram is requested
    Then no answer holds the card number or its security code

  @id:secrecy.payment @clause:secrecy.payment @source:PCI-DSS-3.4 @level:must @cap:pay-long @cap:access
  Scenario: No answer to a payment holds the card number or the cryptogram
    Given an enrolled card
    When the customer pays with a long cryptogram
    Then the payment is approved
    And the answer holds neither the card number nor a cryptogram

  @id:secrecy.payment-read @clause:secrecy.payment-read @source:PCI-DSS-3.4 @level:must @cap:pay-long @cap:access @cap:read-payment
  Scenario: No payment holds the card number or the cryptogram when it is read
    Given an enrolled card
    And the customer has paid with a long cryptogram
    When the payment is read
    Then the request succeeds
    And the answer holds neither the card number nor a cryptogram

  @id:secrecy.payment-refused @clause:secrecy.payment-refused @source:PCI-DSS-3.4 @level:must @negative @cap:pay-long @cap:access
  Scenario: No refusal of a payment repeats the cryptogram
    Given an enrolled card
    And the customer has paid with a long cryptogram
    When the customer pays with the same long cryptogram again
    Then the payment is refused
    And the answer holds neither the card number nor a cryptogram

  @id:secrecy.payment-slip @clause:secrecy.payment-slip @source:PCI-DSS-3.4 @level:must @negative @cap:pay-long @cap:access @cap:structured-pay
  Scenario: No error about a payment repeats the cryptogram
    Given an enrolled card
    And the customer has paid with a long cryptogram
    When the customer pays in a request without the number
    Then it is refused as the caller's mistake
    And the answer holds neither the card number nor a cryptogram

  @id:secrecy.messages @clause:secrecy.messages @source:PCI-DSS-3.4 @level:must @cap:webhooks
  Scenario: No message holds the card number
    Given the merchant listens for webhooks
    And an enrolled card
    Then the merchant is told that the token was provisioned
    And no webhook holds the card number or a cryptogram

  @id:secrecy.malformed @clause:secrecy.malformed @source:PCI-DSS-3.4 @level:must @negative @cap:access @cap:structured
  Scenario: No error about what cannot be read repeats the card number
    Given an enrolled card
    When a card is sent in a request that is cut off
    Then it is refused as the caller's mistake
    And the answer holds neither the card number nor a cryptogram

  @id:secrecy.token @clause:secrecy.token @source:PCI-DSS-3.4 @level:must @cap:access @cap:read @cap:cryptogram-long
  Scenario: A token that is read holds no cryptogram
    Given an enrolled card
    And a long cryptogram has been issued
    When the token is read
    Then the request succeeds
    And the answer holds no cryptogram

  @id:secrecy.charge @clause:secrecy.charge @source:PCI-DSS-3.4 @level:must @cap:pay-stored @cap:access
  Scenario: No answer to a charge of the token on file holds the card number
    Given an enrolled card
    And the customer has paid with a long cryptogram
    When the merchant charges the token on file
    Then the payment is approved
    And the answer holds neither the card number nor a cryptogram

  @id:secrecy.messages-later @clause:secrecy.messages-later @source:PCI-DSS-3.4 @level:must @cap:webhooks @cap:cryptogram-long @cap:event-suspend
  Scenario: No message about a token that has been used holds a cryptogram
    Given the merchant listens for webhooks
    And an enrolled card
    And a long cryptogram has been issued
    When the issuer suspends the token
    Then the merchant is told that the token was suspended
    And no webhook holds the card number or a cryptogram

  @id:secrecy.everywhere @clause:secrecy.everywhere @source:PCI-DSS-3.4 @level:must
  Scenario Outline: Whatever was asked, nothing of the whole run holds a card number, a security code or a cryptogram: <answers>
    Given the <answers> of the whole run
    Then none of the <answers> holds a card number, a security code or a cryptogram

    @cap:access
    Examples:
      | answers              |
      | answers about tokens |

    @cap:store
    Examples:
      | answers             |
      | answers about cards |

    @cap:list
    Examples:
      | answers |
      | lists   |

    @cap:pay-long
    Examples:
      | answers                |
      | answers about payments |

    @cap:access
    Examples:
      | answers |
      | errors  |

    @cap:pay-long @cap:access
    Examples:
      | answers               |
      | errors about payments |

    @cap:access
    Examples:
      | answers |
      | headers |

    @cap:webhooks
    Examples:
      | answers  |
      | webhooks |
