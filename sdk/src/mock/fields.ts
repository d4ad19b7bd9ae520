// Drawn from contract/ by `npm run generate -w sdk`: change it there.
// prettier-ignore
/** What each type of service needs, and what is counted for its charge. */
export const mockFields: Readonly<Record<string, { readonly needed: readonly string[]; readonly conditional: readonly (readonly string[])[]; readonly counted: string; readonly runs: boolean }>> = {
  "Default": {"needed":["link","quantity"],"conditional":[],"counted":"quantity","runs":true},
  "Package": {"needed":["link"],"conditional":[],"counted":"package","runs":false},
  "SEO": {"needed":["link","quantity","keywords"],"conditional":[],"counted":"quantity","runs":false},
  "Custom Comments": {"needed":["link","comments"],"conditional":[],"counted":"comments","runs":false},
  "Custom Comments Package": {"needed":["link","comments"],"conditional":[],"counted":"package","runs":false},
  "Mentions": {"needed":["link","quantity","usernames"],"conditional":[],"counted":"quantity","runs":false},
  "Mentions with Hashtags": {"needed":["link","quantity","usernames","hashtags"],"conditional":[],"counted":"quantity","runs":false},
  "Mentions Custom List": {"needed":["link","usernames"],"conditional":[],"counted":"usernames","runs":false},
  "Mentions Hashtag": {"needed":["link","quantity","hashtag"],"conditional":[],"counted":"quantity","runs":false},
  "Mentions User Followers": {"needed":["link","quantity","username"],"conditional":[],"counted":"quantity","runs":false},
  "Mentions Media Likers": {"needed":["link","quantity","media"],"conditional":[],"counted":"quantity","runs":false},
  "Comment Likes": {"needed":["link","quantity","username"],"conditional":[],"counted":"quantity","runs":false},
  "Comment Replies": {"needed":["link","username","comments"],"conditional":[],"counted":"comments","runs":false},
  "Poll": {"needed":["link","quantity","answer_number"],"conditional":[],"counted":"quantity","runs":false},
  "Invites from Groups": {"needed":["link","quantity","groups"],"conditional":[],"counted":"quantity","runs":false},
  "Subscriptions": {"needed":["username","min","max"],"conditional":[],"counted":"child orders","runs":false},
  "Web Traffic": {"needed":["link","quantity","country","device","type_of_traffic"],"conditional":[["google_keyword","type_of_traffic","1"],["referring_url","type_of_traffic","2"]],"counted":"quantity","runs":true},
}
