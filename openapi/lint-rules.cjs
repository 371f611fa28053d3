// The rules of this contract's own, for the linter that redocly.yaml configures. Each says what a client leans on.
const CHINESE = /[\u4e00-\u9fff]/
const ENGLISH = /[A-Za-z]{2}/
const PROBLEM = 'application/problem+json'
const JSON_TYPE = 'application/json'
const TRAITS = ['x-audience', 'x-idempotency', 'x-rate-class', 'x-requirements']

const shown = (media) => media.examples !== undefined && Object.keys(media.examples).length > 0

const kebabCasePaths = () => ({
  Paths: {
    PathItem(_, { report, location, key }) {
      for (const part of String(key).split('/').filter((each) => each && !each.startsWith('{'))) {
        if (!/^[a-z0-9]+(-[a-z0-9]+)*(\.json)?$/.test(part)) report({ message: `${part} is not kebab-case.`, location: location.key() })
      }
    },
  },
})

/** Client code is named after it. */
const verbNounId = () => ({
  Operation(operation, { report, location }) {
    if (!/^[a-z]+(_[a-z]+)+$/.test(operation.operationId ?? '')) {
      report({ message: 'The id is verb_noun in small letters.', location: location.child('operationId') })
    }
  },
})

/** Half of the readers read Chinese, half of the tools English. */
const bothLanguages = () => {
  const read = (node, { report, location }) => {
    for (const name of ['summary', 'description']) {
      const words = node[name] ?? ''
      if (!CHINESE.test(words) || !ENGLISH.test(words)) {
        report({ message: `The ${name} stands in Chinese and in English.`, location: location.child(name) })
      }
    }
  }
  return {
    Operation: read,
    Tag(tag, { report, location }) {
      if (!CHINESE.test(tag.description ?? '')) report({ message: 'A tag is described in both languages.', location })
    },
  }
}

/** wx.request knows four methods. */
const methodsOfAMiniProgram = () => ({
  PathItem(item, { report, location }) {
    for (const method of ['patch', 'head', 'options', 'trace']) {
      if (item[method]) report({ message: `A mini-program cannot send ${method}.`, location: location.child(method) })
    }
  },
})

const refusalsAreProblems = () => ({
  Response(response, { report, location, key }) {
    if (!/^[45]/.test(String(key))) return
    const types = Object.keys(response.content ?? {})
    if (types.length !== 1 || types[0] !== PROBLEM) report({ message: `A refusal is ${PROBLEM}, nothing else.`, location })
  },
})

/** Each code that may come, with what it looks like. */
const everyRefusalShown = () => ({
  Response: {
    MediaType(media, { report, location, key }) {
      if (key === PROBLEM && !shown(media)) report({ message: 'Each code of this refusal has its example.', location })
    },
  },
})

const everyAnswerShown = () => ({
  Paths: {
    PathItem: {
      Operation(operation, { report, location }) {
        if (operation['x-example-missing']) return
        const look = (content, at) => {
          const media = content?.[JSON_TYPE]
          if (media && !shown(media)) report({ message: 'It is shown by an example.', location: at.child(['content', JSON_TYPE]) })
        }
        if (operation.requestBody) look(operation.requestBody.content, location.child('requestBody'))
        for (const [status, response] of Object.entries(operation.responses)) {
          if (status.startsWith('2')) look(response.content, location.child(['responses', status]))
        }
      },
    },
  },
})

/** In a request what is left out is absent; `null` would be a second word for it. */
const absenceIsNotNull = () => {
  const seen = new Set()
  return {
    Paths: { RequestBody(body, { report, location, resolve }) {
      const walk = (node, at) => {
        if (node === null || typeof node !== 'object' || seen.has(node)) return
        seen.add(node)
        if (node.$ref) {
          const led = resolve(node)
          return walk(led.node, led.location)
        }
        if (node.anyOf?.some((choice) => choice.type === 'null')) {
          report({ message: 'A request says absence by leaving out.', location: at.child('anyOf') })
        }
        for (const key of Object.keys(node)) walk(node[key], at.child(key))
      }
      walk(body.content, location.child('content'))
    } },
  }
}

/** Generators break on contentMediaType alone. */
const filesForEveryGenerator = () => ({
  Schema(schema, { report, location }) {
    if (schema.contentMediaType && schema.format !== 'binary') {
      report({ message: 'A file says format: binary beside contentMediaType.', location })
    }
  },
})

/** A bare array can never say more about itself: no page to follow, no count. */
const answersAreObjects = () => ({
  Response: {
    MediaType(media, { report, location, key, resolve }) {
      if (key !== JSON_TYPE || !media.schema) return
      const schema = media.schema.$ref ? resolve(media.schema).node : media.schema
      if (schema && schema.type === 'array') report({ message: 'A list is an object with items.', location })
    },
  },
})

const traits = () => ({
  Paths: {
    PathItem: {
      Operation(operation, { report, location }) {
        for (const name of TRAITS) {
          if (operation[name] === undefined) report({ message: `${name} is told of every operation.`, location })
        }
      },
    },
  },
})

module.exports = () => ({
  id: 'xianjin',
  rules: {
    oas3: {
      'kebab-case-paths': kebabCasePaths,
      'verb-noun-id': verbNounId,
      'both-languages': bothLanguages,
      'methods-of-a-mini-program': methodsOfAMiniProgram,
      'refusals-are-problems': refusalsAreProblems,
      'every-refusal-shown': everyRefusalShown,
      'every-answer-shown': everyAnswerShown,
      'answers-are-objects': answersAreObjects,
      'absence-is-not-null': absenceIsNotNull,
      'files-for-every-generator': filesForEveryGenerator,
      traits,
    },
  },
})
