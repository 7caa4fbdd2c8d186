Feature: Aliases of the vault

  @id:calm.aliases.create @source:VGS-vault-API @level:must
  Scenario: A value gets an alias
    When POST "/aliases" is sent with
      """
      {"data":[{"value":"{visa}","format":"UUID","storage":"PERSISTENT"}]}
      """
    Then the status is 201
    And the media type is "application/json"
    And "/data/0/value" equals "{visa}"
    And "/data/0/aliases/0/alias" has the shape of a UUID alias
    And "/data/0/aliases/0/format" equals "UUID"
    And "/data/0/storage" equals "PERSISTENT"
    And "/data/0/created_at" has the shape of a UTC timestamp

  @id:calm.aliases.reveal @source:VGS-vault-API @level:must
  Scenario: An alias leads back to its value
    Given POST "/aliases" is answered with 201 to
      """
      {"data":[{"value":"{visa}","format":"UUID","storage":"PERSISTENT"}]}
      """
    And "/data/0/aliases/0/alias" is kept as "alias"
    When GET "/aliases/{alias}" is sent
    Then the status is 200
    And "/data/0/value" equals "{visa}"

  @id:calm.aliases.delete @source:VGS-vault-API @level:must
  Scenario: An alias can be deleted
    Given POST "/aliases" is answered with 201 to
      """
      {"data":[{"value":"{visa}","format":"UUID","storage":"PERSISTENT"}]}
      """
    And "/data/0/aliases/0/alias" is kept as "alias"
    When DELETE "/aliases/{alias}" is sent
    Then the status is 204
    And the body is empty

  @id:calm.aliases.several @source:VGS-vault-API @level:must
  Scenario: Several values get their aliases in one request
    When POST "/aliases" is sent with
      """
      {"data":[{"value":"{visa}","format":"UUID"},{"value":"{mastercard}","format":"UUID"}]}
      """
    Then the status is 201
    And "/data" holds 2 items
    And "/data/1/value" equals "{mastercard}"
