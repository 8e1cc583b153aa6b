using Kamal.Engine.Local;
using Kamal.Engine.Secrets;
using Xunit;

namespace Kamal.Engine.Tests.Secrets;

/// <summary>The calls of the password managers' programs, and what is read out of their answers.</summary>
public sealed class VaultClientTests
{
    private RecordingRunner _runner = new();
    private string? _token;

    [Fact]
    public async Task Names_are_put_below_from()
    {
        Assert.Equal("""{"f/A":"A/f"}""", await Fetch("test", "me", "f", "A"));
        Assert.Equal("""{"f/LPARENxRPAREN":")x(/f"}""", await Fetch("test", "me", "f/", "LPARENxRPAREN"));
    }

    [Fact]
    public async Task OnePassword_asks_once_per_item()
    {
        Answer("op item get item", """[{"value":"va\"x","reference":"op://vault/item/A"},{"value":"vb","reference":"op://vault/item/sec/B"}]""");
        Answer("op item get other", """{"label":"password","value":"vp","reference":"op://vault/other/password"}""");
        Assert.Equal("""{"vault/item/A":"va\"x","vault/item/sec/B":"vb","vault/other":"vp"}""", await Fetch("1password", "me.1password.com", "op://vault", "item/A", "other", "item/sec/B"));
        AssertCalls(
            "op account get --account me.1password.com",
            "op item get item --vault vault --format json --account me.1password.com --fields label=A,label=sec.B",
            "op item get other --vault vault --format json --account me.1password.com --fields label=password");
    }

    [Fact]
    public async Task OnePassword_fetches_every_field_of_an_item_without_names()
    {
        Answer("op item get item", """{"fields":[{"id":"a","value":"1","reference":"op://vault/item/A"},{"id":"n","reference":"op://vault/item/notes"},{"id":"x"}]}""");
        Assert.Equal("""{"vault/item/A":"1","vault/item/notes":null}""", await Fetch("one_password", "x", "op://vault/item"));
        AssertCalls("op account get --account x", "op item get item --vault vault --format json --account x");
    }

    [Fact]
    public async Task OnePassword_signs_in_and_keeps_the_session_out_of_the_arguments()
    {
        Fail("op account get", 1, "not signed in");
        Answer("op signin", "export OP_SESSION_ABC123=\"tok-en_1\"\n# This command is meant to be used with your shell's eval function.\n");
        Answer("op item get item", """{"value":"vp","reference":"op://vault/item/password"}""");
        Assert.Equal("""{"vault/item":"vp"}""", await Fetch("1password", "x", null, "vault/item"));
        AssertCalls(
            "op account get --account x", "op signin --account x --force",
            "op item get item --vault vault --format json --account x --fields label=password");
        Assert.Equal("tok-en_1", _runner.Commands[^1].Environment["OP_SESSION_ABC123"]!.Reveal());
    }

    [Fact]
    public async Task OnePassword_says_what_it_could_not_read()
    {
        Fail("op item get", 1, "[ERROR] \"item\" isn't an item");
        var error = await Fails("1password", "x", "vault/item", "A");
        Assert.StartsWith(
            "Could not read A from item in the vault vault from 1Password: `op item get", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("isn't an item", error.Message, StringComparison.Ordinal);
        Assert.Equal(KamalErrorId.ArgumentInvalid, (await Fails("1password", "x", null, "onlyvault")).Id);
        Assert.Equal(KamalErrorId.ArgumentInvalid, (await Fails("1password", "x", null)).Id);
    }

    [Fact]
    public async Task Bitwarden_unlocks_and_keeps_the_session_in_the_environment()
    {
        _runner = Answering(command => command.Arguments[0].Reveal() switch
        {
            "status" => (0, command.Environment.ContainsKey("BW_SESSION") ? """{"status":"unlocked"}""" : """{"status":"locked"}""", ""),
            "unlock" => (0, "hunter2\n", ""),
            "get" when command.Arguments[2].Reveal() == "login1" => (0, """{"login":{"password":"pw1"}}""", ""),
            "get" => (0, """{"login":{"password":null},"fields":[{"name":"f1","value":"v1"},{"name":"f2","value":"v2"}]}""", ""),
            _ => (0, "", ""),
        });
        Assert.Equal("""{"login1":"pw1","item/f1":"v1","item/f2":"v2"}""", await Fetch("bitwarden", "me@x.io", null, "login1", "item"));
        AssertCalls("bw status", "bw unlock --raw", "bw status", "bw sync", "bw get item login1", "bw get item item");
        Assert.Equal("hunter2", _runner.Commands[3].Environment["BW_SESSION"]!.Reveal());
        Assert.DoesNotContain("hunter2", _runner.Commands[3].Display, StringComparison.Ordinal);
        Assert.Equal(
            "Could not find field nope in item item in Bitwarden.",
            (await Fails("bitwarden", "me@x.io", null, "item/nope")).Message);
    }

    [Fact]
    public async Task Bitwarden_logs_in_first_where_nobody_is()
    {
        var statuses = new Queue<string>(["unauthenticated", "locked", "unlocked"]);
        _runner = Answering(command => command.Arguments[0].Reveal() switch
        {
            "status" => (0, $$"""{"status":"{{statuses.Dequeue()}}"}""", ""),
            "get" => (0, """{"login":{"password":"p"}}""", ""),
            _ => (0, "SESS", ""),
        });
        Assert.Equal("""{"a":"p"}""", await Fetch("bitwarden", "me@x.io", null, "a"));
        AssertCalls("bw status", "bw login me@x.io", "bw status", "bw unlock --raw", "bw status", "bw sync", "bw get item a");
    }

    [Fact]
    public async Task Bitwarden_secrets_manager_lists_or_gets()
    {
        Answer("bws secret get id1", """{"key":"K1","value":"V1"}""");
        Answer("bws secret list", """[{"key":"A","value":"1"},{"key":"B","value":"2"}]""");
        Assert.Equal("""{"K1":"V1"}""", await Fetch("bitwarden-sm", null, null, "id1"));
        Assert.Equal("""{"A":"1","B":"2"}""", await Fetch("bitwarden_secrets_manager", null, null, "all"));
        Assert.Equal("""{"A":"1","B":"2"}""", await Fetch("bitwarden-sm", null, "proj", "all"));
        AssertCalls(
            "bws project list", "bws secret get id1", "bws project list", "bws secret list", "bws project list",
            "bws secret list proj");
        Fail("bws project list", 1, "no token");
        Assert.Contains("BWS_ACCESS_TOKEN", (await Fails("bitwarden-sm", null, null, "all")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lastpass_shows_all_at_once_and_misses_none()
    {
        Answer("lpass status", "Logged in as me@x.io.\n");
        Answer("lpass show", """[{"fullname":"F/S1","password":"p1"},{"fullname":"F/S2","password":"p2"}]""");
        Assert.Equal("""{"F/S1":"p1","F/S2":"p2"}""", await Fetch("lastpass", "me@x.io", "F", "S1", "S2"));
        AssertCalls("lpass status --color never", "lpass show F/S1 F/S2 --json");
        Assert.Equal("Could not find F/S3, F/S4 in LastPass.", (await Fails("last_pass", "me@x.io", "F", "S1", "S3", "S4")).Message);
        Answer("lpass status", "Not logged in.\n");
        await Fetch("LastPass", "me@x.io", "F", "S1");
        Assert.Contains("lpass login me@x.io", _runner.Calls);
    }

    [Fact]
    public async Task Doppler_takes_project_and_config_from_the_first_name_or_a_service_token()
    {
        Answer("doppler secrets get", """{"S1":{"computed":"c1","note":""},"S2":{"computed":"c2"}}""");
        Assert.Equal("""{"S1":"c1","S2":"c2"}""", await Fetch("doppler", null, "proj/conf", "S1", "S2"));
        AssertCalls("doppler me --json", "doppler secrets get S1 S2 --json -p proj -c conf");
        Assert.Contains("--from project/config", (await Fails("doppler", null, null, "S1")).Message, StringComparison.Ordinal);
        _token = "dp.st.prd.x";
        await Fetch("doppler", null, null, "S1");
        Assert.Equal("doppler secrets get S1 --json", _runner.Calls.Last());
        Fail("doppler me", 1, "");
        await Fetch("doppler", null, null, "S1");
        Assert.Contains("doppler login -y", _runner.Calls);
    }

    [Fact]
    public async Task Enpass_takes_all_labels_of_a_title_or_one()
    {
        Answer("enpass-cli", """[{"title":"Foo","label":"DB","password":"x"},{"title":"Foo","label":"","password":"y"},{"title":"Foo","label":"Z","password":""},{"title":"Other","label":"Z","password":"z"}]""");
        Assert.Equal("""{"Foo/DB":"x","Foo":"y"}""", await Fetch("enpass", null, "/v", "Foo"));
        Assert.Equal("""{"Foo/DB":"x","Other/Z":"z"}""", await Fetch("enpass", null, "/v", "Foo/DB", "Other/Z"));
        AssertCalls("enpass-cli -json -vault /v show Foo", "enpass-cli -json -vault /v show Foo Other");
        Answer("enpass-cli", """[{"title":"Foo","label":"DB","password":"x"},{"title":"Foo","label":"DB","password":"y"}]""");
        Assert.Contains("Foo/DB is more than once", (await Fails("enpass", null, "/v", "Foo")).Message, StringComparison.Ordinal);
        Assert.Equal(KamalErrorId.ArgumentInvalid, (await Fails("enpass", null, null, "Foo")).Id);
    }

    [Fact]
    public async Task Google_reads_versions_as_somebody()
    {
        Answer("gcloud auth list", """[{"account":"a"}]""");
        Answer("gcloud secrets versions", """{"name":"n","payload":{"data":"c2VjcmV0IQ=="}}""");
        Assert.Equal("""{"proj/s1":"secret!","proj/s2":"secret!"}""", await Fetch("gcp", "me@x.io|svc@x.io,two@x.io", "proj", "s1/1", "s2"));
        Answer("gcloud secrets versions", """{"payload":{"data":"w7_Dvg"}}""");
        Assert.Equal("""{"default/my-secret":"ÿþ"}""", await Fetch("gcp_secret_manager", "default", null, "my-secret"));
        AssertCalls(
            "gcloud auth list --format=json",
            "gcloud secrets versions access 1 --secret=s1 --project=proj --account=me@x.io " +
            "--impersonate-service-account=svc@x.io,two@x.io --format=json",
            "gcloud secrets versions access latest --secret=s2 --project=proj --account=me@x.io " +
            "--impersonate-service-account=svc@x.io,two@x.io --format=json",
            "gcloud auth list --format=json",
            "gcloud secrets versions access latest --secret=my-secret --format=json");
        Answer("gcloud auth list", "[]");
        Assert.Contains(
            "Failed to log in to Google Secret Manager", (await Fails("gcp", "default", null, "x")).Message,
            StringComparison.Ordinal);
        Assert.Contains("gcloud auth login", _runner.Calls);
    }

    [Fact]
    public async Task Aws_takes_key_value_secrets_apart()
    {
        Answer("aws", """{"SecretValues":[{"Name":"secret","SecretString":"{\"K1\":\"V1\",\"N\":5,\"H\":{\"a\":1}}"},{"Name":"plain","SecretString":"just text"},{"Name":"quoted","SecretString":"\"str\""},{"Name":"num","SecretString":"42"}],"Errors":[]}""");
        Assert.Equal("""{"secret/K1":"V1","secret/N":"5","secret/H":"{\"a\":1}","plain":"just text","quoted":"str","num":"42"}""", await Fetch("aws_secrets_manager", "prof", "myapp/", "secret", "plain"));
        AssertCalls("aws secretsmanager batch-get-secret-value --secret-id-list myapp/secret myapp/plain --profile prof --output json");
        Answer("aws", """{"SecretValues":[],"Errors":[{"SecretId":"a","Message":"not there"},{"SecretId":"b","Message":"nor there"}]}""");
        Assert.Equal("AWS Secrets Manager: a: not there b: nor there", (await Fails("aws_secrets_manager", null, null, "a", "b")).Message);
    }

    [Fact]
    public async Task Passbolt_walks_down_the_folders()
    {
        Answer("passbolt list folders --filter Name == \"Folder\"", """[{"id":"f1","folder_parent_id":"","name":"Folder"}]""");
        Answer("passbolt list folders --filter Name == \"Nested\"", """[{"id":"f2","folder_parent_id":"f1","name":"Nested"}]""");
        Answer("passbolt list resources", """[{"name":"S1","password":"p1"},{"name":"S2","password":"p2"}]""");
        Assert.Equal("""{"S1":"p1","S2":"p2"}""", await Fetch("passbolt", null, "Folder/Nested", "S1", "S2"));
        AssertCalls(
            "passbolt verify",
            "passbolt list folders --filter Name == \"Folder\" --json",
            "passbolt list folders --filter Name == \"Nested\" && FolderParentID == \"f1\" --json",
            "passbolt list resources --filter (Name == \"S1\" && FolderParentID == \"f2\") || (Name == \"S2\" && FolderParentID == " +
            "\"f2\") --folder f1 --folder f2 --column name --column password --json");
        Assert.Equal("Could not find the following secrets in Passbolt: S\"9.", (await Fails("passbolt", null, null, "S\"9")).Message);
        Assert.Contains("passbolt list resources --filter Name == \"S\\\"9\" --column name --column password --json", _runner.Calls);
        Answer("passbolt list folders --filter Name == \"No\"", "[]");
        Assert.Equal("Could not find the following folders in Passbolt: No.", (await Fails("passbolt", null, "No", "S1")).Message);
    }

    [Fact]
    public async Task A_missing_program_and_a_missing_account_say_what_to_do()
    {
        _runner = Answering(_ => throw new KamalException(KamalErrorId.LocalToolMissing, "no"));
        var missing = await Fails("1password", "me", null, "a/b");
        Assert.Equal(
            (KamalErrorId.LocalToolMissing, "The 1Password CLI is not installed on this machine: there is no op in PATH."),
            (missing.Id, missing.Message));
        Assert.Equal(KamalErrorId.ArgumentInvalid, (await Fails("1password", null, null, "a/b")).Id);
        var unknown = await Fails("nosuch", null, null, "A");
        Assert.Contains("1password, aws_secrets_manager, bitwarden", unknown.Recommendation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1password", "vault/item")]
    [InlineData("bitwarden", "a")]
    [InlineData("bitwarden-sm", "a")]
    [InlineData("lastpass", "a")]
    [InlineData("doppler", "p/c/a")]
    [InlineData("enpass", "a")]
    [InlineData("gcp", "a")]
    [InlineData("aws_secrets_manager", "a")]
    [InlineData("passbolt", "f/a")]
    public async Task An_answer_that_is_no_json_is_an_error_that_does_not_show_it(string adapter, string name)
    {
        _runner = Answering(_ => (0, "hunter2 {", "noise"));
        var error = await Fails(adapter, "me", adapter == "enpass" ? "/v" : null, name);
        Assert.Equal(KamalErrorId.SecretUnavailable, error.Id);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }

    private readonly Dictionary<string, (int ExitCode, string Output, string Error)> _answers = new(StringComparer.Ordinal);

    private void Answer(string call, string output) => Set(call, (0, output, ""));

    private void Fail(string call, int exitCode, string error) => Set(call, (exitCode, "", error));

    private void Set(string call, (int ExitCode, string Output, string Error) answer)
    {
        _answers[call] = answer;
        if (_answers.Count > 1) return;
        _runner = Answering(command =>
        {
            var line = RecordingRunner.Call(command);
            return _answers.Where(known => line.StartsWith(known.Key, StringComparison.Ordinal)).Select(known => known.Value)
                .DefaultIfEmpty((0, "", "")).First();
        });
    }

    private static RecordingRunner Answering(Func<LocalCommand, (int ExitCode, string Output, string Error)> answer) => new()
    {
        Answer = command => answer(command) is var (exitCode, output, error) ? new LocalResult(command, exitCode, output, error) : null,
    };

    private void AssertCalls(params string[] expected) => Assert.Equal(expected, _runner.Calls);

    private async Task<string> Fetch(string adapter, string? account, string? from, params string[] names)
    {
        var client = new VaultClient(_runner, null, name => name == "DOPPLER_TOKEN" ? _token : null);
        var request = new VaultRequest { Adapter = adapter, Account = account, From = from, Names = [.. names] };
        return SecretsJson.Write(await client.FetchAsync(request, TestContext.Current.CancellationToken)).Reveal();
    }

    private async Task<KamalException> Fails(string adapter, string? account, string? from, params string[] names) =>
        await Assert.ThrowsAsync<KamalException>(() => Fetch(adapter, account, from, names));
}
