import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Java's own client, with nothing set: where the proxy is and whom to believe it learns from JAVA_TOOL_OPTIONS. */
public class DefaultHosts {
    public static void main(String[] arguments) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        String form = "grant_type=client_credentials&client_id=standin-manual&client_secret=standin-secret";
        HttpRequest request = HttpRequest.newBuilder(URI.create(
                "https://auth.verygoodsecurity.com/auth/realms/vgs/protocol/openid-connect/token"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200 || !answer.body().contains("access_token")) {
            throw new IllegalStateException(answer.statusCode() + " " + answer.body());
        }
        System.out.println("{\"steps\":1}");
    }
}
