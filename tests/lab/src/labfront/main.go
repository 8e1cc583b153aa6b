// labfront is a reverse proxy of the registry that gives some clients another answer, worded as Docker Hub's.
//
//	labfront -listen 10.211.0.2:5002 -to http://10.211.0.2:5000 -faults DIR
//
// A file in DIR named after a client's address says what the client gets when it pulls or pushes an image: limited, denied, expired,
// missing or failing; or slow: everything, a quarter of a second later. With -cert, -key and -ca, both sides use TLS.
package main

import (
	"crypto/tls"
	"crypto/x509"
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
	"time"
)

// status, code, message
var answers = map[string][3]any{
	"limited": {429, "TOOMANYREQUESTS", "You have reached your pull rate limit. You may increase the limit by authenticating and upgrading: " +
		"https://www.docker.com/increase-rate-limit"},
	"denied":  {401, "DENIED", "requested access to the resource is denied"},
	"expired": {403, "DENIED", "Your authorization token has expired. Reauthenticate and try again."},
	"missing": {404, "NAME_UNKNOWN", "The repository with name 'shop' does not exist in the registry with id '123456789012'"},
	"failing": {503, "", ""},
}

func main() {
	listen := flag.String("listen", "", "address")
	to := flag.String("to", "", "the registry's URL")
	faults := flag.String("faults", "", "directory of the answers")
	cert := flag.String("cert", "", "certificate of this address")
	key := flag.String("key", "", "its key")
	ca := flag.String("ca", "", "authority of the registry's certificate")
	flag.Parse()
	target, err := url.Parse(*to)
	if err != nil {
		log.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	if *ca != "" {
		text, err := os.ReadFile(*ca)
		if err != nil {
			log.Fatal(err)
		}
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM(text)
		proxy.Transport = &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
	}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		client, _, _ := net.SplitHostPort(r.RemoteAddr)
		name, _ := os.ReadFile(filepath.Join(*faults, client))
		answer, ok := answers[strings.TrimSpace(string(name))]
		if strings.TrimSpace(string(name)) == "slow" {
			time.Sleep(250 * time.Millisecond)
		}
		if !ok || !strings.Contains(r.URL.Path, "/manifests/") && !strings.Contains(r.URL.Path, "/blobs/uploads/") {
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
	})
	if *cert != "" {
		log.Fatal(http.ListenAndServeTLS(*listen, *cert, *key, handler))
	}
	log.Fatal(http.ListenAndServe(*listen, handler))
}
