Feature: The token endpoint
  Every call of the gateway carries a bearer token that an account gets for its id and secret.

  @id:oauth.form @source:VGS-authentication @level:must
  Scenario: An account gets a bearer token for its id and secret
    When POST "/auth/realms/vgs/protocol/openid-connect/token" is sent with
      """
      grant_type=client_credentials&client_id={client_id}&client_secret={client_secret}
      """
    Then the status is 200
    And the media type is "application/json"
    And the header "cache-control" mentions "no-store"
    And "/token_type" equals "Bearer"
    And "/expires_in" equals 1200
    And "/refresh_expires_in" equals 0
    And "/not-before-policy" equals 0
    And "/scope" has the shape of a text
    And "/access_token" has the shape of a signed JWT

  @id:oauth.jwt @source:VGS-authentication @level:must
  Scenario: The token is a JWT that tells whose it is and lives for twenty minutes
    When POST "/auth/realms/vgs/protocol/openid-connect/token" is sent with
      """
      grant_type=client_credentials&client_id={client_id}&client_secret={client_secret}
      """
    Then the access token lives for 1200 seconds
    And the access token's claim "azp" equals "{client_id}"
    And the access token's claim "client_id" equals "{client_id}"

  @id:oauth.basic @source:VGS-authentication @level:must
  Scenario: Id and secret may come by HTTP Basic instead
    Given POST "/auth/realms/vgs/protocol/openid-connect/token" is answered with 200 to
      """
      grant_type=client_credentials&client_id={client_id}&client_secret={client_secret}
      """
    When the same form is sent as "grant_type=client_credentials" with the Basic credential "{client_id}:{client_secret}"
    Then the status is 200
    And "/token_type" equals "Bearer"
    And "/access_token" has the shape of a signed JWT

  @id:oauth.scope @source:VGS-authentication @level:must
  Scenario: The token can be narrowed to some scopes
    When POST "/auth/realms/vgs/protocol/openid-connect/token" is sent with
      """
      grant_type=client_credentials&client_id={client_id}&client_secret={client_secret}&scope=cards%3Aread
      """
    Then the status is 200
    And "/scope" equals "cards:read"
    And the access token's claim "scope" equals "cards:read"

  @id:oauth.all-scopes @source:VGS-service-accounts @level:must
  Scenario Outline: Without a scope parameter the token has every scope of the account
    When POST "/auth/realms/vgs/protocol/openid-connect/token" is sent with
      """
      grant_type=client_credentials&client_id={client_id}&client_secret={client_secret}
      """
    Then the status is 200
    And the words of "/scope" include "<scope>"

    Examples:
      | scope                |
      | cards:read           |
      | cards:write          |
      | cards:read-pci       |
      | network-tokens:read  |
      | network-tokens:write |

  @id:oauth.keys @source:OpenID-Connect-Discovery @level:must
  Scenario: The key that signs tokens is published
    When GET "/auth/realms/vgs/protocol/openid-connect/certs" is sent
    Then the status is 200
    And "/keys/0/kty" equals "RSA"
    And "/keys/0/alg" equals "RS256"
    And "/keys/0/use" equals "sig"
    And "/keys/0" has the members "kid n e"

  @id:oauth.key-id @source:OpenID-Connect-Discovery @level:must
  Scenario: A token names the published key that signed it
    Given GET "/auth/realms/vgs/protocol/openid-connect/certs" is answered with 200
    And "/keys/0/kid" is kept as "kid"
    When POST "/auth/realms/vgs/protocol/openid-connect/token" is sent with
      """
      grant_type=client_credentials&client_id={client_id}&client_secret={client_secret}
      """
    Then the access token's header "kid" equals "{kid}"
    And the access token's header "alg" equals "RS256"

  @id:oauth.discovery @source:OpenID-Connect-Discovery @level:must
  Scenario: The realm can be discovered
    When GET "/auth/realms/vgs/.well-known/openid-configuration" is sent
    Then the status is 200
    And "" has the members "issuer token_endpoint jwks_uri grant_types_supported"
    And "/grant_types_supported" lists "client_credentials"

  @id:oauth.refused @source:RFC6749-5.2 @level:must @negative
  Scenario Outline: A token request with one thing wrong is refused: <wrong>
    Given POST "/auth/realms/vgs/protocol/openid-connect/token" is answered with 200 to
      """
      grant_type=client_credentials&client_id={client_id}&client_secret={client_secret}
      """
    When the same request is sent with "/<member>" set to "<value>"
    Then it is refused with <status> "<code>"

    Examples:
      | wrong              | member        | value              | status | code                   |
      | unknown grant type | grant_type    | password           | 400    | unsupported_grant_type |
      | empty grant type   | grant_type    |                    | 400    | unsupported_grant_type |
      | wrong secret       | client_secret | not-the-secret     | 401    | invalid_client         |
      | empty secret       | client_secret |                    | 401    | invalid_client         |
      | unknown client     | client_id     | nobody             | 401    | invalid_client         |
      | unknown scope      | scope         | cards:print        | 400    | invalid_scope          |
      | one unknown scope  | scope         | cards:read cards:x | 400    | invalid_scope          |

  @id:oauth.missing @source:RFC6749-5.2 @level:must @negative
  Scenario Outline: A token request without <member> is refused
    Given POST "/auth/realms/vgs/protocol/openid-connect/token" is answered with 200 to
      """
      grant_type=client_credentials&client_id={client_id}&client_secret={client_secret}
      """
    When the same request is sent without "/<member>"
    Then it is refused with <status> "<code>"

    Examples:
      | member        | status | code            |
      | grant_type    | 400    | invalid_request |
      | client_id     | 401    | invalid_client  |
      | client_secret | 401    | invalid_client  |

  @id:oauth.basic-wrong @source:RFC6749-5.2 @level:must @negative
  Scenario: A wrong Basic credential is refused and the scheme is named
    Given POST "/auth/realms/vgs/protocol/openid-connect/token" is answered with 200 to
      """
      grant_type=client_credentials&client_id={client_id}&client_secret={client_secret}
      """
    When the same form is sent as "grant_type=client_credentials" with the Basic credential "{client_id}:not-the-secret"
    Then it is refused with 401 "invalid_client"
    And the header "www-authenticate" mentions "Basic"

  @id:oauth.not-a-form @source:RFC6749-4.4.2 @level:must @negative
  Scenario: A token request that is not a form is refused
    Given POST "/auth/realms/vgs/protocol/openid-connect/token" is answered with 200 to
      """
      grant_type=client_credentials&client_id={client_id}&client_secret={client_secret}
      """
    When the same request is sent with the header "content-type" set to "application/json"
    Then it is refused with 400 "invalid_request"
