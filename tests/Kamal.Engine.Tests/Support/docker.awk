#!/usr/bin/awk -f
# A docker with state for one host: containers, images, and the routes of a kamal-proxy. Nothing runs; commands change the
# state and print what docker would. Each change that takes down what served is noted in the file "down", so that a test
# sees what nobody would see afterwards. One process a call, without a child: hundreds of runs take seconds.
#
# The state is in the folder $STAND_IN; with $RUN_FAILS, `docker run` makes its container and does not start it.

BEGIN {
    folder = ENVIRON["STAND_IN"]
    load()
    before()
    line = "docker"
    for (i = 1; i < ARGC; i++) line = line " " ARGV[i]
    at = 1
    verb = next_word()
    if (verb ~ /^(container|image|network)$/) {
        group = verb
        verb = next_word()
    }

    if (verb == "ps" || (group == "container" && verb == "ls")) list_containers()
    else if (group == "image" && verb == "ls") list_images()
    else if (verb == "inspect") inspect()
    else if (verb == "run") run("running")
    else if (verb == "create" && group != "network") run("created")
    else if (verb == "start" || verb == "stop") set_state(verb == "start" ? "running" : "exited")
    else if (verb == "rename") rename_container()
    else if (verb == "rm" && group != "image") remove_containers()
    else if (verb == "prune") prune()
    else if (verb == "exec") proxy()
    else if (verb == "pull") image_of[ARGV[ARGC - 1]] = ARGV[ARGC - 1]
    else if (verb == "tag") image_of[ARGV[at + 1]] = image_of[ARGV[at]]
    else if (verb == "rmi" || verb == "rm") remove_images()
    else if (verb !~ /^(logs|events|info|version|login|cp|volume)$/ && group != "network") fail("docker: '" verb "' is not a docker command.", 1)
    finish(0)
}

function next_word() { return ARGV[at++] }

function fail(message, code) {
    print message > "/dev/stderr"
    finish(code)
}

function load(   row, f) {
    count = 0
    while ((getline row < (folder "/state")) > 0) {
        split(row, f, "\t")
        if (f[1] == "sequence") sequence = f[2]
        else if (f[1] == "route") route[f[2]] = f[3]
        else if (f[1] == "image") image_of[f[2]] = f[3]
        else if (f[1] == "container") {
            ids[++count] = f[2]; name[f[2]] = f[3]; state[f[2]] = f[4]; labels[f[2]] = f[5]; image[f[2]] = f[6]
        }
    }
    close(folder "/state")
}

# What serves: each route whose container and proxy run, the proxy, and of other containers each role or accessory of which one runs.
function serving(what,   i, id, proxy_id) {
    split("", what)
    proxy_id = find("kamal-proxy")
    if (proxy_id != "" && state[proxy_id] == "running") what["kamal-proxy"] = 1
    for (i in route) if (("kamal-proxy" in what) && (route[i] in state) && state[route[i]] == "running") what["route " i] = 1
    for (i = 1; i <= count; i++) {
        id = ids[i]
        if (state[id] == "running" && name[id] != "kamal-proxy") what[label(id, "service") " " label(id, "role")] = 1
    }
}

function before() { serving(served) }

function finish(code,   i, id, now) {
    serving(now)
    for (i in served) if (!(i in now)) print i ": " line >> (folder "/down")
    if (changed || verb == "pull" || verb == "tag") {
        print "sequence\t" sequence > (folder "/state")
        for (i in route) print "route\t" i "\t" route[i] > (folder "/state")
        for (i in image_of) print "image\t" i "\t" image_of[i] > (folder "/state")
        for (i = 1; i <= count; i++) if ((id = ids[i]) in name) print "container\t" id "\t" name[id] "\t" state[id] "\t" labels[id] "\t" image[id] > (folder "/state")
    }
    exit code
}

function find(reference,   i, id) {
    for (i = 1; i <= count; i++) {
        id = ids[i]
        if (id in name && (name[id] == reference || (length(reference) >= 6 && index(id, reference) == 1))) return id
    }
    return ""
}

function need(reference,   id) {
    id = find(reference)
    if (id == "") fail("Error response from daemon: No such container: " reference, 1)
    return id
}

function label(id, key,   f, n, i) {
    n = split(labels[id], f, "\v")
    for (i = 1; i <= n; i++) if (index(f[i], key "=") == 1) return substr(f[i], length(key) + 2)
    return ""
}

function has_label(id, text) {
    return text ~ /=/ ? index("\v" labels[id] "\v", "\v" text "\v") : index("\v" labels[id], "\v" text "=")
}

function options(   word) {
    all = quiet = latest = filters = 0
    format = ""
    while (at < ARGC) {
        word = next_word()
        if (word == "-a" || word == "--all") all = 1
        else if (word == "-q" || word == "--quiet") quiet = 1
        else if (word == "--latest") latest = all = 1
        else if (word == "--filter") filter[++filters] = next_word()
        else if (word == "--format" || word == "-f") format = next_word()
        else if (word !~ /^-/) operand = word
    }
}

function fits(id,   i, key, value, asked, has) {
    for (i = 1; i <= filters; i++) {
        key = substr(filter[i], 1, index(filter[i], "=") - 1)
        value = substr(filter[i], index(filter[i], "=") + 1)
        if (key == "name" && name[id] !~ value) return 0
        if (key == "label" && !has_label(id, value)) return 0
        if (key == "ancestor" && image[id] != value) return 0
        if (key == "status") { asked = 1; if (state[id] == value) has = 1 }
    }
    return asked ? has : all || state[id] == "running"
}

function list_containers(   i, id, text) {
    options()
    for (i = count; i > 0; i--) {
        id = ids[i]
        if (!(id in name) || !fits(id)) continue
        text = quiet ? "{{.ID}}" : format
        gsub(/{{\.ID}}/, substr(id, 1, 12), text)
        gsub(/{{\.Names}}/, name[id], text)
        gsub(/{{\.Image}}/, image[id], text)
        gsub(/{{\.Label "role"}}/, label(id, "role"), text)
        print text
        if (latest) break
    }
}

function list_images(   i) {
    options()
    for (i in image_of) {
        if (filter[1] ~ /^reference=/) { if (i == substr(filter[1], 11)) print image_of[i] }
        else if (i ~ /^dhh\//) print i
    }
}

function inspect(   id) {
    if (ARGV[at + 1] ~ /FinishedAt/) {
        for (at += 2; at < ARGC; at++) {
            id = need(ARGV[at])
            print id " /" name[id] " " state[id] " 2026-01-01T00:00:00Z 2026-01-01T00:00:00Z 0001-01-01T00:00:00Z"
        }
        finish(0)
    }
    options()
    if (operand in image_of && format ~ /Labels.service/) { print "app"; finish(0) }
    if (group == "image") { if (operand in image_of) finish(0); fail("Error: No such image: " operand, 1) }
    id = need(operand)
    if (format ~ /RestartCount/) print "0 " state[id]
    else if (format ~ /Health/) print "null"
    else if (format ~ /Config.Image/) print image[id]
    else if (format ~ /ExitCode/) print 0
}

function run(as,   word, container, marks, id) {
    while (at < ARGC) {
        word = next_word()
        if (word !~ /^-/) break
        if (word == "--name") container = next_word()
        else if (word == "--label") {
            word = next_word()
            marks = marks (marks == "" ? "" : "\v") word (word ~ /=/ ? "" : "=")
        }
        else if (word !~ /^(--detach|--rm|-d)$/ && word !~ /=/) next_word()
    }
    if (container != "" && find(container) != "") fail("docker: Error response from daemon: Conflict. The container name \"/" container "\" is already in use.", 125)
    image_of[word] = word
    if (word ~ /kamal-proxy/) marks = "org.opencontainers.image.title=kamal-proxy"
    id = sprintf("c0ffee%06d%052d", ++sequence, 0)
    ids[++count] = id; name[id] = container == "" ? "made_" sequence : container; state[id] = as; labels[id] = marks; image[id] = word
    changed = 1
    if (ENVIRON["RUN_FAILS"] != "") {
        state[id] = "created"
        print id
        fail("docker: Error response from daemon: failed to set up container networking: port is already allocated.", 125)
    }
    print id
}

function set_state(to,   word) {
    while (at < ARGC) {
        word = next_word()
        if (word == "-t") next_word()
        else { state[need(word)] = to; changed = 1; print word }
    }
}

function rename_container(   id, to) {
    id = need(next_word())
    to = next_word()
    if (find(to) != "") fail("Error response from daemon: Conflict. The container name \"/" to "\" is already in use.", 1)
    name[id] = to
    changed = 1
}

function forget(id) {
    delete name[id]
    delete state[id]
    changed = 1
}

function remove_containers(   word, force, id) {
    while (at < ARGC) {
        word = next_word()
        if (word ~ /^-/) { force = 1; continue }
        id = need(word)
        if (state[id] == "running" && !force) fail("Error response from daemon: cannot remove container: container is running", 1)
        forget(id)
        print word
    }
}

function prune(   i) {
    if (group != "container") return
    options()
    all = 1
    for (i = 1; i <= count; i++) if (ids[i] in name && state[ids[i]] != "running" && fits(ids[i])) forget(ids[i])
}

function remove_images(   word) {
    while (at < ARGC) if ((word = next_word()) !~ /^-/) { delete image_of[word]; changed = 1 }
}

function proxy(   id, what, service, target, i) {
    id = need(next_word())
    if (state[id] != "running") fail("Error response from daemon: container " id " is not running", 1)
    next_word()
    what = next_word()
    service = next_word()
    if (what == "list") {
        print "\033[3mService      Host  Path  Target             State    TLS\033[0m"
        for (i in route) printf "%-12s *     /     %-18s running  no\n", i, substr(route[i], 1, 12) ":80"
    }
    else if (what == "remove") {
        if (!(service in route)) fail("Error: service not found", 1)
        delete route[service]
        changed = 1
    }
    else if (what == "deploy") {
        while (at < ARGC) if (ARGV[at++] ~ /^--target=/) target = substr(ARGV[at - 1], 10)
        sub(/:[0-9]+$/, "", target)
        id = find(target)
        if (id == "" || state[id] != "running") fail("Error: target failed to become healthy within configured timeout (30s)", 1)
        route[service] = id
        changed = 1
    }
}
