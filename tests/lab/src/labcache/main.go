// labcache keeps a build cache in memory, in place of GitHub's for `cache: { type: gha }`. BuildKit 0.13 uses the first version of its API.
//
//	labcache -listen 10.211.0.2:5006
//
// It answers only requests with the token of the first one, and writes a line to standard error for each entry that is stored or found.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

const base = "/_apis/artifactcache/"

type entry struct {
	id      int
	key     string
	version string
	content []byte
	isWhole bool
}

type cache struct {
	lock    sync.Mutex
	token   string
	entries []*entry
}

func main() {
	listen := flag.String("listen", "", "address")
	flag.Parse()
	c := &cache{}
	mux := http.NewServeMux()
	mux.HandleFunc(base+"cache", c.find)
	mux.HandleFunc(base+"caches", c.reserve)
	mux.HandleFunc(base+"caches/", c.write)
	mux.HandleFunc("/blobs/", c.read)
	log.Fatal(http.ListenAndServe(*listen, mux))
}

func (c *cache) enter(w http.ResponseWriter, r *http.Request) bool {
	c.lock.Lock()
	given := r.Header.Get("Authorization")
	if c.token == "" {
		c.token = given
	}
	if given == c.token && strings.HasPrefix(given, "Bearer ") {
		return true
	}
	c.lock.Unlock()
	refuse(w, http.StatusUnauthorized, "AuthorizationException", "the token is not valid")
	return false
}

func refuse(w http.ResponseWriter, status int, key, message string) {
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(map[string]any{"message": message, "typeKey": key})
}

// find returns the entry of the first key, or the newest entry whose key starts with one of them.
func (c *cache) find(w http.ResponseWriter, r *http.Request) {
	if !c.enter(w, r) {
		return
	}
	defer c.lock.Unlock()
	for _, key := range strings.Split(r.URL.Query().Get("keys"), ",") {
		for i := len(c.entries) - 1; i >= 0; i-- {
			e := c.entries[i]
			if e.isWhole && e.version == r.URL.Query().Get("version") && strings.HasPrefix(e.key, key) {
				log.Print("found ", e.key)
				json.NewEncoder(w).Encode(map[string]any{
					"cacheKey": e.key, "scope": "refs/heads/main", "archiveLocation": fmt.Sprintf("http://%s/blobs/%d", r.Host, e.id)})
				return
			}
		}
	}
	w.WriteHeader(http.StatusNoContent)
}

func (c *cache) reserve(w http.ResponseWriter, r *http.Request) {
	if !c.enter(w, r) {
		return
	}
	defer c.lock.Unlock()
	e := &entry{id: len(c.entries) + 1}
	var wanted struct{ Key, Version string }
	if json.NewDecoder(r.Body).Decode(&wanted) != nil || wanted.Key == "" {
		refuse(w, http.StatusBadRequest, "InvalidRequest", "no key")
		return
	}
	for _, other := range c.entries {
		if other.key == wanted.Key && other.version == wanted.Version {
			refuse(w, http.StatusConflict, "ArtifactCacheItemAlreadyExistsException", "Cache already exists")
			return
		}
	}
	e.key, e.version = wanted.Key, wanted.Version
	c.entries = append(c.entries, e)
	w.WriteHeader(http.StatusCreated)
	json.NewEncoder(w).Encode(map[string]any{"cacheId": e.id})
}

// write stores a part of an entry (PATCH), or completes it (POST).
func (c *cache) write(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil || !c.enter(w, r) {
		return
	}
	defer c.lock.Unlock()
	id, _ := strconv.Atoi(strings.TrimPrefix(r.URL.Path, base+"caches/"))
	if id < 1 || id > len(c.entries) {
		refuse(w, http.StatusNotFound, "NotFound", "no such entry")
		return
	}
	e := c.entries[id-1]
	switch r.Method {
	case http.MethodPatch:
		var from, to int
		if _, err := fmt.Sscanf(r.Header.Get("Content-Range"), "bytes %d-%d/*", &from, &to); err != nil || to-from+1 != len(body) || e.isWhole {
			refuse(w, http.StatusBadRequest, "InvalidRequest", "the range does not fit")
			return
		}
		if more := to + 1 - len(e.content); more > 0 {
			e.content = append(e.content, make([]byte, more)...)
		}
		copy(e.content[from:], body)
	case http.MethodPost:
		var end struct{ Size int }
		if json.Unmarshal(body, &end) != nil || end.Size != len(e.content) {
			refuse(w, http.StatusBadRequest, "InvalidRequest", "the size does not fit")
			return
		}
		e.isWhole = true
		log.Print("stored ", e.key)
	}
	w.WriteHeader(http.StatusNoContent)
}

// read needs no token: GitHub's storage has signed addresses.
func (c *cache) read(w http.ResponseWriter, r *http.Request) {
	c.lock.Lock()
	id, _ := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/blobs/"))
	var content []byte
	if id >= 1 && id <= len(c.entries) {
		content = c.entries[id-1].content
	}
	c.lock.Unlock()
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}
