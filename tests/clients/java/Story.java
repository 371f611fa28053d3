import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import xianjin.ApiClient;
import xianjin.ApiException;
import xianjin.ApiResponse;
import xianjin.api.FormsApi;
import xianjin.api.KindsApi;
import xianjin.api.NominationsApi;
import xianjin.api.ProcedureApi;
import xianjin.api.ReportsApi;
import xianjin.api.SessionsApi;
import xianjin.api.UploadsApi;
import xianjin.model.*;

/** A system in Java: everything by what openapi-generator made of the 3.0.3 twin. Prints what it saw as JSON. */
public final class Story {
    private static final ObjectMapper JSON = ApiClient.createDefaultObjectMapper();
    private final JsonNode story;

    private Story(JsonNode story) {
        this.story = story;
    }

    public static void main(String[] arguments) throws Exception {
        System.out.println(JSON.writeValueAsString(new Story(JSON.readTree(new File(arguments[0]))).told()));
    }

    private Map<String, Object> told() throws Exception {
        Map<String, Object> seen = new LinkedHashMap<>();
        setClock("opened");
        ApiClient clerk = signedIn("wutai-clerk");
        NominationsApi nominations = new NominationsApi(clerk);

        // A wrong answer is refused at its field.
        Map<String, Object> wrong = JSON.convertValue(story.get("form"), Map.class);
        wrong.put("no_such_field", 1);
        seen.put("pointers", refusal(() -> nominations.createNomination(draft(wrong), null)).pointers());

        // A lost answer is asked for again under the same key: one case, not two.
        String key = UUID.randomUUID().toString();
        NewNomination draft = draft(JSON.convertValue(story.get("form"), Map.class));
        UUID id = nominations.createNomination(draft, key).getId();
        ApiResponse<NominationBody> again = nominations.createNominationWithHttpInfo(draft, key);
        seen.put("same", again.getData().getId().equals(id));
        seen.put("replayed", again.getHeaders().get("idempotent-replayed").get(0));

        // Photos: a bad one names its findings, good ones are kept. Identity cards need consent to the words that `kinds` gives.
        UploadsApi uploads = new UploadsApi(clerk);
        Map<String, DocumentKindAnswer> kinds = new KindsApi(clerk).listDocumentKinds(text("campaign")).getKinds();
        File red = new File(text("red_portrait"));
        seen.put("findings", refusal(() -> uploads.createDocument(red, "portrait", id, null, null, null, null, null)).codes());
        for (Map.Entry<String, JsonNode> picture : story.get("pictures").properties()) {
            ConsentTextAnswer consent = kinds.get(picture.getKey()).getConsent();
            String agreed = consent == null ? null : consent.getTextSha256();
            uploads.createDocument(new File(picture.getValue().asText()), picture.getKey(), id, null, null, agreed, null, null);
        }

        // Who saves over somebody else's change is told.
        SavedNomination saved = JSON.convertValue(Map.of("form", story.get("form")), SavedNomination.class);
        seen.put("stale", refusal(() -> nominations.saveNomination(id, saved, "\"0\"")).status());

        nominations.confirmNominationPart(id, read("on_behalf", NewConfirmation.class), null);
        seen.put("errors", nominations.checkNomination(id).getErrors().size());
        nominations.submitNomination(id, UUID.randomUUID().toString(), null);
        ProcedureApi unit = new ProcedureApi(clerk);
        unit.recordStaffDeliberation(id, read("deliberation", StaffDeliberation.class), null);
        unit.recordInspection(id, read("inspection", Inspection.class), null);
        unit.recordLeadershipDecision(id, read("decision", LeadershipDecision.class), null);
        unit.recordSelfReview(id, read("self_review", SelfReview.class), null);
        unit.createPublicityNotice(id, null);

        setClock("after_publicity");
        SavedContactForm contact = JSON.convertValue(Map.of("form", story.get("contact_form")), SavedContactForm.class);
        new ReportsApi(signedIn("wutai-office")).saveContactForm(text("campaign"), contact);
        ApiClient head = signedIn("wutai-head");
        String name = new SessionsApi(head).getMe().getPerson().getFullName();
        new ProcedureApi(head).signNominationForUnit(id, new UnitSignature().signerName(name), null);
        for (String reviewer : List.of("wutai-hrss", "wutai-iit")) {
            ProcedureApi bureau = new ProcedureApi(signedIn(reviewer));
            seen.put("status", bureau.reviewNomination(id, read("endorse", Review.class), null).getStatus());
        }
        File form = new FormsApi(clerk).getNominationForm(id, "attachment_6", GetNominationFormFormat.PDF);
        seen.put("pdf", new String(Files.readAllBytes(form.toPath()), 0, 5, "ASCII"));
        return seen;
    }

    private ApiClient signedIn(String username) throws ApiException {
        ApiClient anybody = client();
        PasswordSignIn signIn = new PasswordSignIn().username(username).password(text("password"));
        String token = new SessionsApi(anybody).createSession(signIn).getAccessToken();
        ApiClient client = client();
        client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + token));
        return client;
    }

    /** HTTP/1.1: to a server without a proxy Java would offer an upgrade to HTTP/2, and the body would be lost on the way. */
    private ApiClient client() {
        ApiClient client = new ApiClient();
        client.setHttpClientBuilder(HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1));
        client.updateBaseUri(text("url"));
        return client;
    }

    private NewNomination draft(Map<String, Object> form) {
        return JSON.convertValue(
            Map.of("campaign_key", text("campaign"), "category", text("category"), "form", form), NewNomination.class);
    }

    private void setClock(String moment) throws Exception {
        String body = JSON.writeValueAsString(Map.of("now", text(moment)));
        HttpRequest request = HttpRequest.newBuilder(URI.create(text("url") + "/v1/clock"))
            .header("Content-Type", "application/json").PUT(HttpRequest.BodyPublishers.ofString(body)).build();
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build().send(request, HttpResponse.BodyHandlers.discarding());
    }

    private <T> T read(String member, Class<T> model) {
        return JSON.convertValue(story.get(member), model);
    }

    private String text(String member) {
        return story.get(member).asText();
    }

    private interface Call {
        void run() throws ApiException;
    }

    private record Refusal(int status, List<String> pointers, List<String> codes) {}

    private static Refusal refusal(Call call) throws Exception {
        try {
            call.run();
        } catch (ApiException refused) {
            ProblemBody problem = JSON.readValue(refused.getResponseBody(), ProblemBody.class);
            List<String> pointers = new ArrayList<>();
            List<String> codes = new ArrayList<>();
            for (FieldErrorBody error : problem.getErrors()) {
                pointers.add(error.getPointer());
                codes.add(error.getCode());
            }
            return new Refusal(refused.getCode(), pointers, codes);
        }
        throw new AssertionError("it should have been refused");
    }
}
