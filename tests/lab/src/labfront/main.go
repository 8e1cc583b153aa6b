// labfront stands before the registry and gives some clients another answer, in the words of Docker Hub.
//
//	labfront -listen 10.211.0.2:5002 -to http://10.211.0.2:5000 -faults DIR
//
// A file in DIR that has a client's address as its name says what the client gets for an image: limited, denied or failing.
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// status, code, message
var answers = map[string][3]any{
	"limited": {429, "TOOMANYREQUESTS", "You have reached your pull rate limit. You may increase the limit by authenticating and upgrading: " +
		"https://www.docker.com/increase-rate-limit"},
	"denied":  {401, "DENIED", "requested access to the resource is denied"},
	"failing": {503, "", ""},
}

func main() {
	listen := flag.String("listen", "", "address")
	to := flag.String("to", "", "the registry's URL")
	faults := flag.String("faults", "", "directory of the answers")
	flag.Parse()
	target, err := url.Parse(*to)
	if err != nil {
		log.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	log.Fatal(http.ListenAndServe(*listen, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		client, _, _ := net.SplitHostPort(r.RemoteAddr)
		name, _ := os.ReadFile(filepath.Join(*faults, client))
		answer, ok := answers[strings.TrimSpace(string(name))]
		if !ok || !strings.Contains(r.URL.Path, "/manifests/") {
			proxy.ServeHTTP(w, r)
			return
		}
		if answer[1] == "" {
			http.Error(w, "upstream connect error", answer[0].(int))
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(answer[0].(int))
		fmt.Fprintf(w, `{"errors":[{"code":%q,"message":%q}]}`, answer[1], answer[2])
	})))
}
